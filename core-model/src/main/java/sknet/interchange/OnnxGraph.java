package sknet.interchange;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.AttributeProto.AttributeType;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto.Dimension;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.ByteString;

/** An ONNX graph that grows: nodes in the order in which they run, and constants. A value is known by its name; a node has that of its first output. */
final class OnnxGraph {
    private static final Dimension BATCH = Dimension.newBuilder().setDimParam("batch").build();

    private final GraphProto.Builder graph = GraphProto.newBuilder();

    /** A float32 input {@code [batch, ...]} for any number of images. */
    String input(String name, long... image) {
        graph.addInput(value(name, image));
        return name;
    }

    /** Makes a float32 value {@code [batch, ...]} the graph's output. */
    void output(String name, long... image) {
        graph.addOutput(value(name, image));
    }

    private static ValueInfoProto value(String name, long... image) {
        ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
        value.getTypeBuilder().getTensorTypeBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE).getShapeBuilder().addDim(BATCH)
                .addAllDim(Arrays.stream(image).mapToObj(size -> Dimension.newBuilder().setDimValue(size).build()).toList());
        return value.build();
    }

    /** A node of one output, whose name is returned. */
    String node(String operator, String output, List<String> inputs, AttributeProto... attributes) {
        return node(operator, List.of(output), inputs, attributes).get(0);
    }

    /** A node; returns its outputs' names. */
    List<String> node(String operator, List<String> outputs, List<String> inputs, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder().setOpType(operator).setName(outputs.get(0)).addAllInput(inputs).addAllOutput(outputs)
                .addAllAttribute(List.of(attributes)));
        return outputs;
    }

    /** A float32 constant of this shape, the values in c-order; of none for a scalar. */
    String constant(String name, float[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return constant(name, TensorProto.DataType.FLOAT_VALUE, bytes, shape);
    }

    /** A vector of whole numbers. */
    String constant(String name, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return constant(name, TensorProto.DataType.INT64_VALUE, bytes, values.length);
    }

    private String constant(String name, int type, ByteBuffer bytes, long... shape) {
        graph.addInitializer(TensorProto.newBuilder().setName(name).setDataType(type).addAllDims(Arrays.stream(shape).boxed().toList())
                .setRawData(ByteString.copyFrom(bytes)));
        return name;
    }

    static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
    }

    static AttributeProto attribute(String name, float value) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.FLOAT).setF(value).build();
    }

    static AttributeProto attribute(String name, String value) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.STRING).setS(ByteString.copyFromUtf8(value)).build();
    }

    static AttributeProto attribute(String name, List<Long> values) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS).addAllInts(values).build();
    }

    /** The whole, of this name. */
    GraphProto build(String name) {
        return graph.setName(name).build();
    }
}
