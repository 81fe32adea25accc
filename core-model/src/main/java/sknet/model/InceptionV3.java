package sknet.model;

import static sknet.model.Inception.c1;
import static sknet.model.Inception.c3;
import static sknet.model.Inception.halved;
import static sknet.model.Inception.of;
import static sknet.model.Inception.shrunk;

/**
 * InceptionV3 (Szegedy et al., 2016), a row of Table 2, without the auxiliary classifier, which is of use in training alone: with it there are the
 * 27.1M parameters of the table. Padding does not count in means.
 */
record InceptionV3() implements Body {

    static Architecture imageNet() {
        return new Architecture("inception-v3", 299, new InceptionV3());
    }

    @Override
    public Maps build(NetworkGraph graph, Maps image) {
        Inception stem = new Inception(graph.in("stem"), image);
        Maps maps = stem.chain("a", halved(32), shrunk(32), c3(64));
        maps = new Inception(stem.graph(), maps).maxPooled("a");
        maps = stem.chain("b", maps, c1(80), shrunk(192));
        maps = new Inception(stem.graph(), maps).maxPooled("b");
        int[] pooled = {32, 64, 64};
        for (int i = 0; i < pooled.length; i++) {
            Inception m = new Inception(graph.in("a." + i), maps);
            maps = m.concatenated(m.chain("b0", c1(64)), m.chain("b1", c1(48), of(64, 5, 5)), m.chain("b2", c1(64), c3(96), c3(96)),
                    m.pooled("b3", pooled[i]));
        }
        Inception halving = new Inception(graph.in("b"), maps);
        maps = halving.concatenated(halving.chain("b0", halved(384)), halving.chain("b1", c1(64), c3(96), halved(96)), halving.maxPooled("b2"));
        int[] widths = {128, 160, 160, 192};
        for (int i = 0; i < widths.length; i++) {
            maps = wide(new Inception(graph.in("c." + i), maps), widths[i]);
        }
        Inception second = new Inception(graph.in("d"), maps);
        maps = second.concatenated(second.chain("b0", c1(192), halved(320)), second.chain("b1", c1(192), of(192, 1, 7), of(192, 7, 1), halved(192)),
                second.maxPooled("b2"));
        for (int i = 0; i < 2; i++) {
            Inception m = new Inception(graph.in("e." + i), maps);
            maps = m.concatenated(m.chain("b0", c1(320)), m.crossed("b1x", m.chain("b1", c1(384)), 384),
                    m.crossed("b2x", m.chain("b2", c1(448), c3(384)), 384), m.pooled("b3", 192));
        }
        return maps;
    }

    private static Maps wide(Inception m, int width) {
        return m.concatenated(m.chain("b0", c1(192)), m.chain("b1", c1(width), of(width, 1, 7), of(192, 7, 1)),
                m.chain("b2", c1(width), of(width, 7, 1), of(width, 1, 7), of(width, 7, 1), of(192, 1, 7)), m.pooled("b3", 192));
    }
}
