package sknet.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A chart of curves over the steps of training, a curve a run. */
final class CurveChart {

    /** Colours that people with any colour vision tell apart (Okabe and Ito). */
    private static final Color[] COLOURS = {new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73), new Color(0xCC79A7),
        new Color(0xE69F00), new Color(0x56B4E9)};

    private final XYChart chart;

    CurveChart(String yTitle) {
        chart = new XYChartBuilder().width(760).height(380).xAxisTitle("step").yAxisTitle(yTitle).build();
        chart.getStyler().setSeriesColors(COLOURS);
        chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setLegendBorderColor(Color.WHITE);
        chart.getStyler().setPlotBorderVisible(false);
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
        if (chart.getSeriesCollection().isEmpty()) {
            return "";
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
        String document = bytes.toString(StandardCharsets.UTF_8);
        // The XML declaration and document type have no place within a page.
        return document.substring(document.indexOf("<svg"));
    }
}
