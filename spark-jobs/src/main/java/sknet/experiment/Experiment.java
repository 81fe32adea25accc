package sknet.experiment;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Models that are trained and evaluated alike, several runs each, to be compared: a table or a figure.
 *
 * @param name        of its file, like table-2
 * @param title       for people
 * @param dataset     what its data set is called, like imagenet. Experiments of one output directory share the runs of one model on one data set
 * @param evaluations which checkpoints of a run are evaluated
 * @param rows        in the order of the table
 * @param attention   what is analysed of the first run of each row, if anything
 */
public record Experiment(String name, String title, String dataset, Evaluations evaluations, List<Row> rows, Optional<AttentionScales> attention) {

    /** Which checkpoints of a run are evaluated. */
    public enum Evaluations {
        /** The last, which the table is of. */
        LAST,
        /** All, for the learning curve. */
        EVERY
    }

    /**
     * A model with its recipe.
     *
     * @param id       unique in the experiment; the directory of its runs
     * @param label    what the table calls it
     * @param family   models that a figure joins by a line, or empty
     * @param paper    the paper's top-1 error by crop size, percent; where the paper gives none, there is none
     * @param settings what differs from reference.conf, {@code model.name} included
     */
    public record Row(String id, String label, String family, Map<Integer, Double> paper, Config settings) {

        /** Copies the map. */
        public Row {
            paper = Map.copyOf(paper);
        }
    }

    /**
     * What section 4.4 looks at.
     *
     * @param scales by which the centres of the images are enlarged, from 1
     */
    public record AttentionScales(List<Double> scales) {

        /** Copies the list. */
        public AttentionScales {
            scales = List.copyOf(scales);
        }
    }

    /** Copies the list. */
    public Experiment {
        rows = List.copyOf(rows);
    }
}
