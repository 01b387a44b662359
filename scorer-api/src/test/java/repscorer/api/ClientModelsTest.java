package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The models of the clients in other languages are what the OpenAPI document of a running service makes of them. Run with
 * {@code -Drepscorer.models=write} to write them again.
 */
class ClientModelsTest {

    private static final Path ROOT = TestService.configDirectory().resolveSibling("clients");

    @ParameterizedTest
    @CsvSource({"python, python/src/repscorer/models.py", "typescript, typescript/src/models.d.ts"})
    void theModelsOfTheClientsAreTheDocuments(String language, String path) throws IOException {
        ClientModels models =
                new ClientModels(TestService.shared().http.get("/v3/api-docs").json());
        String text = language.equals("python") ? models.python() : models.typescript();
        Path file = ROOT.resolve(path);
        if ("write".equals(System.getProperty("repscorer.models"))) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertThat(file).as("write it again with -Drepscorer.models=write").hasContent(text);
    }
}
