package repscorer.api.drift;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.security.Needs;
import repscorer.api.security.Role;
import repscorer.wire.ComparisonResponse;

/** Compares two releases for administrators: it computes as long as many requests together, and until the request's time is over. */
@RestController
@Tag(name = "Releases")
final class ComparisonController {

    private static final String PATH = "/v1/releases/{a}/compare/{b}";

    private final ReleaseComparisons comparisons;

    ComparisonController(ReleaseComparisons comparisons) {
        this.comparisons = comparisons;
    }

    @Needs(Role.PUBLISH)
    @GetMapping(path = PATH, produces = "application/json")
    @Operation(
            operationId = "compareReleases",
            summary = "How one release differs from another, space by space and surface by surface",
            description = """
                    Live, kept or staged ones. Ids are counted whole; rows, neighbours and answers are looked at for drawn ids. \
                    With Accept: text/html the same as a page. 503 where it would take longer than the request may: ask for less.""",
            security = @SecurityRequirement(name = "admin"))
    ComparisonResponse compare(
            @Parameter(description = "the release that is compared from", example = "2026-11-20") @PathVariable
                    String a,
            @Parameter(description = "the release that is compared to", example = "2026-11-21") @PathVariable String b,
            @Parameter(
                            description = "ids that are drawn from each space, 1 to 10000",
                            schema = @Schema(type = "integer", format = "int32", defaultValue = "1000"))
                    @RequestParam(required = false)
                    @Nullable
                    Integer sample,
            @Parameter(
                            description = "sources that each surface is asked for, 0 to 500; 0 for none",
                            schema = @Schema(type = "integer", format = "int32", defaultValue = "50"))
                    @RequestParam(required = false)
                    @Nullable
                    Integer sources,
            @Parameter(
                            description = "of the draws",
                            schema = @Schema(type = "integer", format = "int64", defaultValue = "42"))
                    @RequestParam(required = false)
                    @Nullable
                    Long seed) {
        return comparisons.compare(a, b, sample, sources, seed);
    }

    @Needs(Role.PUBLISH)
    @GetMapping(path = PATH, produces = "text/html;charset=UTF-8")
    @Operation(
            operationId = "compareReleasesAsPage",
            summary = "The same as a page",
            security = @SecurityRequirement(name = "admin"))
    String page(
            @PathVariable String a,
            @PathVariable String b,
            @RequestParam(required = false) @Nullable Integer sample,
            @RequestParam(required = false) @Nullable Integer sources,
            @RequestParam(required = false) @Nullable Long seed) {
        return ComparisonPage.html(compare(a, b, sample, sources, seed));
    }
}
