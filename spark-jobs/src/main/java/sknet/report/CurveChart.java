package sknet.report;

import java.io.IOException;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A chart of curves over the steps of training, a curve a run. */
final class CurveChart {

    private final XYChart chart;

    CurveChart(String yTitle) {
        chart = ChartStyle.chart("step", yTitle);
    }

    /** Adds a line through many points. */
    void addLine(String name, double[] steps, double[] values) {
        add(name, steps, values, SeriesMarkers.NONE);
    }

    /** Adds a line through few points, each of them marked. */
    void addPoints(String name, double[] steps, double[] values) {
        add(name, steps, values, SeriesMarkers.CIRCLE);
    }

    private void add(String name, double[] steps, double[] values, Marker marker) {
        if (steps.length > 0) {
            XYSeries series = chart.addSeries(name, steps, values);
            series.setMarker(marker);
            series.setLineStyle(ChartStyle.LINE);
        }
    }

    /** The chart as an SVG element; empty if it has no curve. */
    String svg() throws IOException {
        return ChartStyle.svgIfAny(chart);
    }
}
