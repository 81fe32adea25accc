package sknet.evaluate;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was counted at each crop size of a plan, summed by Spark.
 *
 * @param crops in the plan's order
 */
record Confusions(List<Confusion> crops) implements Serializable {

    static Confusions none(int crops) {
        return new Confusions(Stream.generate(Confusion::new).limit(crops).toList());
    }

    /** These, with one more answer. */
    Confusions plus(Prediction prediction) {
        crops.get(prediction.crop()).add(prediction);
        return this;
    }

    /** These, with those of another task. */
    Confusions plus(Confusions others) {
        for (int crop = 0; crop < crops.size(); crop++) {
            crops.get(crop).add(others.crops.get(crop));
        }
        return this;
    }
}
