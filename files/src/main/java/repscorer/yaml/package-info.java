/**
 * Strict reading of YAML files into records, for plans and for the service's configuration: every complaint is one line with
 * file, line and rule. What the keys mean is not here. Start at {@link repscorer.yaml.YamlFile}.
 */
@NullMarked
package repscorer.yaml;

import org.jspecify.annotations.NullMarked;
