package sknet.model;

import static sknet.model.Inception.c1;
import static sknet.model.Inception.c3;
import static sknet.model.Inception.halved;
import static sknet.model.Inception.of;
import static sknet.model.Inception.shrunk;

/** InceptionV4 (Szegedy et al., 2017), a row of Table 2; its 42.7M parameters are cut off to 42.0M there. Padding does not count in means. */
record InceptionV4() implements Body {

    static Architecture imageNet() {
        return new Architecture("inception-v4", 299, new InceptionV4());
    }

    @Override
    public Maps build(NetworkGraph graph, Maps image) {
        Maps maps = stem(graph.in("stem"), image);
        for (int i = 0; i < 4; i++) {
            Inception m = new Inception(graph.in("a." + i), maps);
            maps = m.concatenated(m.chain("b0", c1(96)), m.chain("b1", c1(64), c3(96)), m.chain("b2", c1(64), c3(96), c3(96)), m.pooled("b3", 96));
        }
        Inception first = new Inception(graph.in("reduce.a"), maps);
        maps = first.concatenated(first.chain("b0", halved(384)), first.chain("b1", c1(192), c3(224), halved(256)), first.maxPooled("b2"));
        for (int i = 0; i < 7; i++) {
            Inception m = new Inception(graph.in("b." + i), maps);
            maps = m.concatenated(m.chain("b0", c1(384)), m.chain("b1", c1(192), of(224, 1, 7), of(256, 7, 1)),
                    m.chain("b2", c1(192), of(192, 1, 7), of(224, 7, 1), of(224, 1, 7), of(256, 7, 1)), m.pooled("b3", 128));
        }
        // The order of the long branch's rows and columns differs among published codes; the sizes do not.
        Inception second = new Inception(graph.in("reduce.b"), maps);
        maps = second.concatenated(second.chain("b0", c1(192), halved(192)), second.chain("b1", c1(256), of(256, 1, 7), of(320, 7, 1), halved(320)),
                second.maxPooled("b2"));
        for (int i = 0; i < 3; i++) {
            Inception m = new Inception(graph.in("c." + i), maps);
            maps = m.concatenated(m.chain("b0", c1(256)), m.crossed("b1x", m.chain("b1", c1(384)), 256),
                    m.crossed("b2x", m.chain("b2", c1(384), of(448, 3, 1), of(512, 1, 3)), 256), m.pooled("b3", 256));
        }
        return maps;
    }

    private static Maps stem(NetworkGraph graph, Maps image) {
        Inception start = new Inception(graph, image);
        Maps maps = start.chain("a", halved(32), shrunk(32), c3(64));
        Inception first = new Inception(graph.in("b"), maps);
        maps = first.concatenated(first.maxPooled("b0"), first.chain("b1", halved(96)));
        Inception second = new Inception(graph.in("c"), maps);
        maps = second.concatenated(second.chain("b0", c1(64), shrunk(96)), second.chain("b1", c1(64), of(64, 1, 7), of(64, 7, 1), shrunk(96)));
        Inception third = new Inception(graph.in("d"), maps);
        return third.concatenated(third.chain("b0", halved(192)), third.maxPooled("b1"));
    }
}
