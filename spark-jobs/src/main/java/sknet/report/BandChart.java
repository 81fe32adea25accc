package sknet.report;

import java.awt.Color;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;
import sknet.evaluate.Statistic;

/** A chart of curves over epochs: of each model the mean over its runs, in a band of a standard deviation to each side. */
final class BandChart {

    private static final int BAND_OPACITY = 50;

    private final XYChart chart;
    private int bands;

    BandChart(String yTitle) {
        chart = ChartStyle.chart("epoch", yTitle);
    }

    /**
     * Adds a model.
     *
     * @param runs the values of each run by epoch; an epoch counts that all runs have that went so far
     */
    void add(String name, List<TreeMap<Double, Double>> runs) {
        TreeMap<Double, List<Double>> byEpoch = new TreeMap<>();
        runs.forEach(run -> run.forEach((epoch, value) -> byEpoch.computeIfAbsent(epoch, key -> new ArrayList<>()).add(value)));
        if (byEpoch.isEmpty()) {
            return;
        }
        List<Statistic> statistics = byEpoch.values().stream().map(Statistic::of).toList();
        double[] epochs = byEpoch.keySet().stream().mapToDouble(Double::doubleValue).toArray();
        Color colour = ChartStyle.colour(bands++);
        if (runs.size() > 1) {
            addBand(name, epochs, statistics, colour);
        }
        XYSeries line = chart.addSeries(name, epochs, statistics.stream().mapToDouble(Statistic::mean).toArray());
        line.setLineStyle(ChartStyle.LINE);
        line.setLineColor(colour);
        line.setMarkerColor(colour);
        line.setMarker(epochs.length > 12 ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
    }

    /** Along the upper edge and back along the lower. */
    private void addBand(String name, double[] epochs, List<Statistic> statistics, Color colour) {
        int points = epochs.length;
        double[] x = new double[2 * points];
        double[] y = new double[2 * points];
        for (int i = 0; i < points; i++) {
            Statistic statistic = statistics.get(i);
            double deviation = statistic.runs() > 1 ? statistic.standardDeviation() : 0;
            x[i] = epochs[i];
            x[2 * points - 1 - i] = epochs[i];
            y[i] = statistic.mean() + deviation;
            y[2 * points - 1 - i] = statistic.mean() - deviation;
        }
        XYSeries band = chart.addSeries(name + " ± std", x, y);
        band.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
        band.setFillColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), BAND_OPACITY));
        band.setLineColor(new Color(0, 0, 0, 0));
        band.setMarker(SeriesMarkers.NONE);
        band.setShowInLegend(false);
    }

    String svg() throws IOException {
        return ChartStyle.svgIfAny(chart);
    }
}
