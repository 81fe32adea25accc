package sknet.report;

import java.awt.BasicStroke;
import java.io.IOException;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A chart of curves over the steps of training, a curve a run. */
final class CurveChart {

    private final XYChart chart;

    CurveChart(String yTitle) {
        chart = new XYChartBuilder().width(760).height(380).xAxisTitle("step").yAxisTitle(yTitle).build();
        ChartStyle.apply(chart.getStyler());
        chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
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
            series.setLineStyle(new BasicStroke(1.6f));
        }
    }

    /** The chart as an SVG element; empty if it has no curve. */
    String svg() throws IOException {
        return chart.getSeriesCollection().isEmpty() ? "" : ChartStyle.svg(chart);
    }
}
