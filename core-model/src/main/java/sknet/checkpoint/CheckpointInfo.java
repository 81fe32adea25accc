package sknet.checkpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/**
 * What a checkpoint says of itself.
 *
 * @param formatVersion    {@link #FORMAT_VERSION}
 * @param position         where the run stands
 * @param parametersSha256 {@link ParameterHash} of the parameters
 * @param averagesSha256   the same of their moving average; null where the run keeps none
 * @param provenance       configuration, data set and its fingerprint, seed, versions and machine, by name; no secrets
 */
public record CheckpointInfo(int formatVersion, Position position, String parametersSha256,
                             @JsonInclude(JsonInclude.Include.NON_NULL) String averagesSha256, Map<String, String> provenance) {

    /** The version that this program writes and reads. */
    public static final int FORMAT_VERSION = 1;
}
