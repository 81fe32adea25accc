package sknet.analyze;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import sknet.model.SelectiveUnit;

/**
 * The result as tables, each a directory of Parquet: {@code channels} (scale, unit, kernel, channel, mean, std, images), {@code units} (scale, unit,
 * kernel, mean, std, images) and {@code classes} (scale, unit, kernel, class, mean, std, images). In the last two the kernel {@value #DIFFERENCE}
 * stands for the largest minus the smallest; classes without images are left out.
 */
final class AttentionTables {

    static final String DIFFERENCE = "difference";

    private final AttentionResult result;
    private final AttentionSums sums;
    private final List<Row> channels = new ArrayList<>();
    private final List<Row> units = new ArrayList<>();
    private final List<Row> classes = new ArrayList<>();

    private AttentionTables(AttentionResult result) {
        this.result = result;
        sums = result.sums();
        for (int scale = 0; scale < result.plan().scales().size(); scale++) {
            for (int u = 0; u < result.units().size(); u++) {
                add(scale, u);
            }
        }
    }

    static void write(SparkSession spark, AttentionResult result, Path directory) {
        AttentionTables tables = new AttentionTables(result);
        StructType kernel = new StructType().add("scale", DataTypes.DoubleType, false).add("unit", DataTypes.StringType, false).add("kernel", DataTypes.StringType, false);
        write(spark, tables.units, kernel, new Path(directory, "units"));
        write(spark, tables.channels, kernel.add("channel", DataTypes.IntegerType, false), new Path(directory, "channels"));
        write(spark, tables.classes, kernel.add("class", DataTypes.StringType, false), new Path(directory, "classes"));
    }

    private static void write(SparkSession spark, List<Row> rows, StructType keys, Path directory) {
        StructType table = keys.add("mean", DataTypes.DoubleType, false).add("std", DataTypes.DoubleType, false).add("images", DataTypes.LongType, false);
        spark.createDataFrame(rows, table).coalesce(1).write().parquet(directory.toString());
    }

    private void add(int scale, int u) {
        SelectiveUnit unit = result.units().get(u);
        double factor = result.plan().scales().get(scale);
        for (int k = 0; k <= unit.kernels().size(); k++) {
            String kernel = k < unit.kernels().size() ? unit.kernels().get(k).name() : DIFFERENCE;
            units.add(row(sums.unit(scale, u, k), factor, unit.name(), kernel));
            for (int label = 0; label < result.classes().size(); label++) {
                if (sums.images(label) > 0) {
                    classes.add(row(sums.ofClass(scale, u, k, label), factor, unit.name(), kernel, result.classes().get(label)));
                }
            }
            for (int c = 0; k < unit.kernels().size() && c < unit.channels(); c++) {
                channels.add(row(sums.channel(scale, u, k, c), factor, unit.name(), kernel, c));
            }
        }
    }

    private static Row row(Distribution distribution, Object... keys) {
        List<Object> values = new ArrayList<>(List.of(keys));
        values.addAll(List.of(distribution.mean(), distribution.deviation(), distribution.images()));
        return RowFactory.create(values.toArray());
    }
}
