package sknet.data.image.jpeg;

/**
 * Decodes JPEGs one after the other, keeping its memory. For one thread.
 *
 * <p>First {@link #open}, which tells the size, then once {@link #decode}.
 */
public final class JpegDecoder {
    private static final int MAX_COMPONENTS = 4;
    /** Of a sequential scan: a DC and an end of block, which both have a bit at least. */
    private static final int MIN_BLOCK_BITS = 2;

    private final HeaderReader header = new HeaderReader();
    private final EntropyData data = new EntropyData();
    private final SequentialScan sequential = new SequentialScan();
    private final RowOutput output = new RowOutput();
    private final InverseTransforms transforms = new InverseTransforms();
    private final Channel[] channels = new Channel[MAX_COMPONENTS];
    private Frame frame;
    private Scan scan;

    public JpegDecoder() {
        for (int i = 0; i < MAX_COMPONENTS; i++) {
            channels[i] = new Channel();
        }
    }

    /**
     * Reads what comes before the image's data.
     *
     * @param file a JPEG file, which must not change until the image is decoded
     */
    public void open(byte[] file) throws JpegException {
        header.open(file);
        scan = header.nextScan();
        frame = header.frame();
        if (scan == null) {
            throw frame == null ? JpegException.damaged("it holds no image") : JpegException.truncated();
        }
    }

    public int width() {
        return frame.width();
    }

    public int height() {
        return frame.height();
    }

    /**
     * Decodes a part of the image. What lies behind that part in the file is not looked at.
     *
     * @param region in samples of the scaled image
     * @param sink   gets all rows of the region if nothing is thrown
     */
    public void decode(Region region, Scale scale, RowSink sink) throws JpegException {
        McuRange range = McuRange.of(region, frame, scale);
        boolean oneScan = frame.process() == Frame.Process.SEQUENTIAL && scan.components().length == frame.components().size();
        if ((header.file().length - header.position()) * 8L < frame.blocks() * (oneScan ? MIN_BLOCK_BITS : 1)) {
            throw JpegException.truncated();
        }
        Channel[] used = new Channel[frame.components().size()];
        for (int i = 0; i < used.length; i++) {
            used[i] = channels[i];
            used[i].prepare(frame.components().get(i), frame, scale, range, transforms);
        }
        output.prepare(used, header.colors(), frame, scale, region, sink);
        if (!oneScan) {
            new ManyScans(header, data, used).decode(scan, range, output);
            return;
        }
        Channel[] order = new Channel[used.length];
        for (int i = 0; i < used.length; i++) {
            int component = scan.components()[i];
            order[i] = used[component];
            order[i].use(header.quantisation(frame.components().get(component)), header.dc(scan.dcTables()[i]), header.ac(scan.acTables()[i]));
        }
        header.continueAt(data.read(header.file(), header.position()));
        sequential.decode(data, frame, order, header.restartInterval(), range, output);
    }
}
