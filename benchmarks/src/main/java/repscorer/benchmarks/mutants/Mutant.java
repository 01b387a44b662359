package repscorer.benchmarks.mutants;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * One mutant that was run.
 *
 * @param in its class without the package
 * @param change in PIT's words, without the method that it repeats
 * @param killed whether a test failed, did not end, or ran out of memory
 */
public record Mutant(String in, String method, int line, String change, boolean killed) {

    /** Reads PIT's report. */
    public static List<Mutant> read(Path report) throws IOException {
        NodeList mutations;
        try {
            mutations = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(report.toFile())
                    .getElementsByTagName("mutation");
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("not a report of mutants: " + report, e);
        }
        List<Mutant> mutants = new ArrayList<>();
        for (int i = 0; i < mutations.getLength(); i++) {
            Element mutation = (Element) mutations.item(i);
            String in = text(mutation, "mutatedClass");
            mutants.add(new Mutant(
                    in.substring(in.lastIndexOf('.') + 1),
                    text(mutation, "mutatedMethod"),
                    Integer.parseInt(text(mutation, "lineNumber")),
                    text(mutation, "description").replaceFirst(" for repscorer/.*", ""),
                    mutation.getAttribute("detected").equals("true")));
        }
        return mutants;
    }

    private static String text(Element of, String name) {
        return of.getElementsByTagName(name).item(0).getTextContent();
    }

    @Override
    public String toString() {
        return "%s#%s line %s: %s".formatted(in, method, line, change);
    }
}
