package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * An experiment and the document that says what it is.
 *
 * @param source who said it: a file, or somebody over the API, whose word wins
 * @param place the file below the configuration directory, or what stands for the API in its complaints
 * @param version the SHA-256 of the document, as the header ETag has it
 * @param document as it was given, YAML or JSON
 * @param experiment what was made of it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExperimentSourceBody(
        String source, String place, String version, String document, ExperimentBody experiment) {}
