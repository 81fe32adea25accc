package sknet.model;

import static sknet.model.Inception.c1;
import static sknet.model.Inception.c3;
import static sknet.model.Inception.halved;
import static sknet.model.Inception.of;
import static sknet.model.Inception.shrunk;

import sknet.kernel.Rectifier;

/** Inception-ResNetV2 (Szegedy et al., 2017), a row of Table 2; its 55.8M parameters are cut off to 55.0M there. Padding does not count in means. */
record InceptionResNetV2() implements Body {

    static Architecture imageNet() {
        return new Architecture("inception-resnet-v2", 299, new InceptionResNetV2());
    }

    @Override
    public Maps build(NetworkGraph graph, Maps image) {
        Inception stem = new Inception(graph.in("stem"), image);
        Maps maps = new Inception(stem.graph(), stem.chain("a", halved(32), shrunk(32), c3(64))).maxPooled("a");
        maps = new Inception(stem.graph(), stem.chain("b", maps, c1(80), shrunk(192))).maxPooled("b");
        Inception mixed = new Inception(graph.in("mixed"), maps);
        maps = mixed.concatenated(mixed.chain("b0", c1(96)), mixed.chain("b1", c1(48), of(64, 5, 5)), mixed.chain("b2", c1(64), c3(96), c3(96)),
                mixed.pooled("b3", 64));
        for (int i = 0; i < 10; i++) {
            Inception m = new Inception(graph.in("a." + i), maps);
            maps = m.added(0.17, Rectifier.RELU, m.chain("b0", c1(32)), m.chain("b1", c1(32), c3(32)), m.chain("b2", c1(32), c3(48), c3(64)));
        }
        Inception first = new Inception(graph.in("reduce.a"), maps);
        maps = first.concatenated(first.chain("b0", halved(384)), first.chain("b1", c1(256), c3(256), halved(384)), first.maxPooled("b2"));
        for (int i = 0; i < 20; i++) {
            Inception m = new Inception(graph.in("b." + i), maps);
            maps = m.added(0.1, Rectifier.RELU, m.chain("b0", c1(192)), m.chain("b1", c1(128), of(160, 1, 7), of(192, 7, 1)));
        }
        Inception second = new Inception(graph.in("reduce.b"), maps);
        maps = second.concatenated(second.chain("b0", c1(256), halved(384)), second.chain("b1", c1(256), halved(288)),
                second.chain("b2", c1(256), c3(288), halved(320)), second.maxPooled("b3"));
        for (int i = 0; i < 10; i++) {
            boolean last = i == 9;
            Inception m = new Inception(graph.in("c." + i), maps);
            maps = m.added(last ? 1 : 0.2, last ? Rectifier.NONE : Rectifier.RELU, m.chain("b0", c1(192)),
                    m.chain("b1", c1(192), of(224, 1, 3), of(256, 3, 1)));
        }
        return graph.convolution("head", maps, 1536, Inception.POINTWISE);
    }
}
