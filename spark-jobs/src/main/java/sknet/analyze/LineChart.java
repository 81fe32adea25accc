package sknet.analyze;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;
import sknet.report.ChartStyle;

/** Lines over places that have names. */
final class LineChart {

    /** So many labels fit beside each other, and upright. */
    private static final int LEVEL_LABELS = 6;
    private static final int LABELS = 24;
    /** Of more places, the points are not marked. */
    private static final int MARKED = 60;

    /** Share of a place's width over which lines with bars are spread. */
    private static final double SPREAD = 0.4;

    private final CategoryChart chart;
    private final List<String> places;

    LineChart(String xTitle, String yTitle, List<String> places) {
        this.places = places;
        chart = new CategoryChartBuilder().width(ChartStyle.WIDTH).height(ChartStyle.HEIGHT).xAxisTitle(xTitle).yAxisTitle(yTitle).build();
        ChartStyle.apply(chart.getStyler());
        chart.getStyler().setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Line);
        chart.getStyler().setErrorBarsColorSeriesColor(true);
        chart.getStyler().setYAxisDecimalPattern("0.0####");
        chart.getStyler().setOverlapped(true);
        chart.getStyler().setPlotGridVerticalLinesVisible(false);
        chart.getStyler().setXAxisMaxLabelCount(LABELS);
        chart.getStyler().setXAxisLabelRotation(places.size() > LEVEL_LABELS ? 90 : 0);
    }

    /** Adds a line with a bar of one standard deviation each way; lines stand a little apart, so that their bars do. */
    void addWithDeviation(String name, List<Distribution> values) {
        chart.getStyler().setOverlapped(false);
        chart.getStyler().setAvailableSpaceFill(SPREAD);
        add(name, values, values.stream().map(Distribution::deviation).toList());
    }

    /** Adds a line of means alone. */
    void add(String name, List<Distribution> values) {
        add(name, values, Collections.nCopies(values.size(), 0.0));
    }

    private void add(String name, List<Distribution> values, List<Double> deviations) {
        CategorySeries series = chart.addSeries(name, places, values.stream().map(Distribution::mean).toList(), deviations);
        series.setMarker(places.size() > MARKED ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
        series.setLineStyle(ChartStyle.LINE);
    }

    /** The chart as an SVG element. */
    String svg() throws IOException {
        return ChartStyle.svg(chart);
    }
}
