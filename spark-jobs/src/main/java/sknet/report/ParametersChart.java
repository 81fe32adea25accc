package sknet.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import sknet.evaluate.Statistic;
import sknet.experiment.RowState;

/** Error against parameters (Figure 2): the models of a family are joined by a line, the paper's dashed and ours whole. */
final class ParametersChart {

    private static final BasicStroke DASHED = new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {5, 4}, 0);

    private final XYChart chart = ChartStyle.chart("parameters, millions", "top-1 error, %");

    /** @param crop of the errors, pixels */
    ParametersChart(List<RowState> rows, int crop) {
        Map<String, List<RowState>> families = new LinkedHashMap<>();
        rows.forEach(row -> families.computeIfAbsent(row.row().family().isEmpty() ? row.row().label() : row.row().family(), key -> new ArrayList<>()).add(row));
        int number = 0;
        for (Map.Entry<String, List<RowState>> family : families.entrySet()) {
            Color colour = ChartStyle.colour(number++);
            List<RowState> printed = family.getValue().stream().filter(row -> row.row().paper().containsKey(crop)).toList();
            add(family.getKey() + ", paper", printed, printed.stream().map(row -> row.row().paper().get(crop)).toList(), SeriesMarkers.CIRCLE, DASHED, colour);
            List<RowState> trained = family.getValue().stream().filter(row -> row.top1Error(crop).isPresent()).toList();
            add(family.getKey() + ", ours", trained, trained.stream().map(row -> row.top1Error(crop)).flatMap(Optional::stream).map(Statistic::mean).toList(),
                SeriesMarkers.DIAMOND, ChartStyle.LINE, colour);
        }
    }

    private void add(String name, List<RowState> rows, List<Double> errors, Marker marker, BasicStroke stroke, Color colour) {
        if (!rows.isEmpty()) {
            XYSeries series = chart.addSeries(name, rows.stream().mapToDouble(row -> row.parameters() / 1e6).toArray(),
                errors.stream().mapToDouble(Double::doubleValue).toArray());
            series.setMarker(marker);
            series.setLineStyle(stroke);
            series.setLineColor(colour);
            series.setMarkerColor(colour);
        }
    }

    String svg() throws IOException {
        return ChartStyle.svgIfAny(chart);
    }
}
