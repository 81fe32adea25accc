package sknet.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Replicas that should hold the same parameters do not: a defect of a machine or of this program; nothing is saved, and the run ends. */
final class DivergedReplicasException extends IOException {

    private static final long serialVersionUID = 1L;

    private DivergedReplicasException(String message) {
        super(message);
    }

    /** @param hashes the hash of each rank's parameters, in rank order */
    static void check(long step, List<String> hashes) throws DivergedReplicasException {
        Map<String, List<Integer>> ranksByHash = new LinkedHashMap<>();
        for (int rank = 0; rank < hashes.size(); rank++) {
            ranksByHash.computeIfAbsent(hashes.get(rank), hash -> new ArrayList<>()).add(rank);
        }
        if (ranksByHash.size() > 1) {
            List<String> groups = new ArrayList<>();
            ranksByHash.forEach((hash, ranks) -> groups.add("ranks " + ranks + " hold " + hash.substring(0, 12)));
            throw new DivergedReplicasException("Cannot go on after step " + step
                + ": the replicas' parameters differ (expected one SHA-256): " + String.join(", ", groups));
        }
    }
}
