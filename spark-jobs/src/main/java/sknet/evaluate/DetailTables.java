package sknet.evaluate;

import static org.apache.spark.sql.types.DataTypes.FloatType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import sknet.data.shard.WholeDirectory;

/**
 * The details of an evaluation as tables in Parquet, in one directory:
 * <ul>
 * <li>{@value #CONFUSION}: crop_size, class, predicted, images; an entry of the matrix a row, but those of no image. Where the network
 * answered NaN, predicted is -1;
 * <li>{@value #CLASSES}: crop_size, class, name, images, top1_errors, top5_errors; a class a row;
 * <li>{@value #PREDICTIONS}: crop_size, sample, id, class, top5, probabilities; an image a row. sample is its number in the split, id its
 * path relative to the source folder, top5 has the most probable classes, the most probable first.
 * </ul>
 */
final class DetailTables {

    static final String CONFUSION = "confusion";
    static final String CLASSES = "classes";
    static final String PREDICTIONS = "predictions";

    private static final StructType CONFUSION_ROW = new StructType().add("crop_size", IntegerType, false).add("class", IntegerType, false)
        .add("predicted", IntegerType, false).add("images", IntegerType, false);
    private static final StructType CLASS_ROW = new StructType().add("crop_size", IntegerType, false).add("class", IntegerType, false)
        .add("name", StringType, false).add("images", IntegerType, false).add("top1_errors", IntegerType, false)
        .add("top5_errors", IntegerType, false);
    private static final StructType PREDICTION_ROW = new StructType().add("crop_size", IntegerType, false).add("sample", IntegerType, false)
        .add("id", StringType, false).add("class", IntegerType, false).add("top5", createArrayType(IntegerType, false), false)
        .add("probabilities", createArrayType(FloatType, false), false);

    private final JavaSparkContext spark;
    private final Details details;
    private final List<Integer> cropSizes;
    private final List<String> classes;

    /**
     * @param cropSizes of the plan, in its order
     * @param classes   their names, by label
     */
    DetailTables(JavaSparkContext spark, Details details, List<Integer> cropSizes, List<String> classes) {
        this.spark = spark;
        this.details = details;
        this.cropSizes = cropSizes;
        this.classes = classes;
    }

    /** Writes the tables: beside the directory, which then takes the place of an earlier one. Without details it only removes that. */
    void write(FileSystem fileSystem, Path directory, Confusions counted, JavaRDD<Prediction> predictions) throws IOException {
        if (details == Details.NONE) {
            fileSystem.delete(directory, true);
        } else {
            WholeDirectory.write(fileSystem, directory, temporary -> writeTables(temporary, counted, predictions));
        }
    }

    private void writeTables(Path directory, Confusions counted, JavaRDD<Prediction> predictions) {
        // Without its context the builder finds the same one, and warns of it.
        SparkSession session = SparkSession.builder().sparkContext(spark.sc()).getOrCreate();
        // The small ones are a file each.
        session.createDataFrame(confusionRows(counted), CONFUSION_ROW).coalesce(1).write().parquet(new Path(directory, CONFUSION).toString());
        session.createDataFrame(classRows(counted), CLASS_ROW).coalesce(1).write().parquet(new Path(directory, CLASSES).toString());
        if (details == Details.PREDICTIONS) {
            List<Integer> sizes = cropSizes;
            JavaRDD<Row> rows = predictions.map(prediction -> row(prediction, sizes));
            session.createDataFrame(rows, PREDICTION_ROW).write().parquet(new Path(directory, PREDICTIONS).toString());
        }
    }

    private List<Row> confusionRows(Confusions counted) {
        List<Row> rows = new ArrayList<>();
        for (int crop = 0; crop < cropSizes.size(); crop++) {
            int size = cropSizes.get(crop);
            counted.crops().get(crop).matrix()
                .forEach((cell, images) -> rows.add(RowFactory.create(size, cell.label(), cell.predicted(), images)));
        }
        return rows;
    }

    private List<Row> classRows(Confusions counted) {
        List<Row> rows = new ArrayList<>();
        for (int crop = 0; crop < cropSizes.size(); crop++) {
            Tally[] tallies = counted.crops().get(crop).tallies(classes.size());
            for (int label = 0; label < tallies.length; label++) {
                rows.add(RowFactory.create(cropSizes.get(crop), label, classes.get(label), tallies[label].images(), tallies[label].top1Errors(),
                    tallies[label].top5Errors()));
            }
        }
        return rows;
    }

    private static Row row(Prediction prediction, List<Integer> cropSizes) {
        Integer[] top = IntStream.of(prediction.classes()).boxed().toArray(Integer[]::new);
        Float[] probabilities = IntStream.range(0, top.length).mapToObj(i -> prediction.probabilities()[i]).toArray(Float[]::new);
        return RowFactory.create(cropSizes.get(prediction.crop()), prediction.ordinal(), prediction.id(), prediction.label(), top, probabilities);
    }
}
