package sknet.checkpoint;

import java.util.Map;

/**
 * What a checkpoint says of itself.
 *
 * @param formatVersion    {@link #FORMAT_VERSION}
 * @param position         where the run stands
 * @param parametersSha256 {@link ParameterHash} of the parameters
 * @param provenance       configuration, data set and its fingerprint, seed, versions and machine, by name; no secrets
 */
public record CheckpointInfo(int formatVersion, Position position, String parametersSha256, Map<String, String> provenance) {

    /** The version that this program writes and reads. */
    public static final int FORMAT_VERSION = 1;
}
