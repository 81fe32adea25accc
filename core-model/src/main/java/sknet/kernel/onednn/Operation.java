package sknet.kernel.onednn;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.desc;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One primitive with everything it needs, made once: its arguments, its scratchpad, and reorders before and after it where it wants another
 * layout than the caller's. A run binds the caller's arrays and executes.
 */
final class Operation implements AutoCloseable {
    private final Device device;
    private final String name;
    private final List<Pointer> owned = new ArrayList<>();
    private final Map<Integer, Binding> bindings = new HashMap<>();
    private final List<Scratch> scratches = new ArrayList<>();
    private final IntMemoryMap arguments = own(new IntMemoryMap());
    private final List<Runnable> preparation = new ArrayList<>();
    private final List<Runnable> before = new ArrayList<>();
    private final List<Runnable> after = new ArrayList<>();
    private final Runnable main;
    private long scratchBytes;
    private long boundArena;

    /** An argument at a place that the caller chooses, mostly the same from run to run. */
    private static final class Binding {
        private final memory memory;
        private Pointer place;

        Binding(memory memory) {
            this.memory = memory;
        }

        void moveTo(INDArray array) {
            Pointer newPlace = array.data().addressPointer();
            if (place == null || newPlace.address() != place.address()) {
                memory.set_data_handle(newPlace);
                place = newPlace;
            }
        }
    }

    /** What the processor's own code does between two memories. */
    @FunctionalInterface
    interface Conversion {
        void run(ByteBuffer from, ByteBuffer to);
    }

    /** Memory that lives for one run, in the thread's arena. */
    private record Scratch(memory memory, long offset) {}

    /**
     * @param name       what it computes and its shape, for messages
     * @param descriptor of the primitive, made with {@link #attributes}
     */
    Operation(Device device, String name, primitive_desc_base descriptor, primitive primitive) {
        this.device = device;
        this.name = name;
        main = step(own(primitive), arguments);
        desc scratchpad = descriptor.scratchpad_desc();
        if (scratchpad.get_size() > 0) {
            argument(dnnl.DNNL_ARG_SCRATCHPAD, scratch(scratchpad));
        }
    }

    /**
     * Runs {@code maker} in a scope that frees what it makes besides the operation.
     *
     * @throws IllegalStateException with the operation's name when oneDNN refuses
     */
    static Operation prepare(String name, Supplier<Operation> maker) {
        try {
            return scoped(maker);
        } catch (RuntimeException e) {
            throw new IllegalStateException("Cannot prepare " + name + " with oneDNN: " + e.getMessage(), e);
        }
    }

    /** Frees the native objects that {@code maker} makes, except those that something retains. */
    @SuppressWarnings("unchecked") // the empty array of the scope's variable arguments
    static <T> T scoped(Supplier<T> maker) {
        try (PointerScope scope = new PointerScope()) {
            return maker.get();
        }
    }

    /** The library's own scratchpad belongs to the thread that makes a primitive, so that it could not be run or freed by another. */
    static primitive_attr attributes() {
        primitive_attr attributes = new primitive_attr();
        attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user);
        return attributes;
    }

    /** Memory that this operation owns, zeroed. */
    memory allocate(desc layout) {
        memory memory = own(new memory(layout, device.engine()));
        Pointer.memset(memory.get_data_handle(), 0, layout.get_size());
        return memory;
    }

    /** Memory that lives for one run. */
    memory scratch(desc layout) {
        memory memory = own(new memory(layout, device.engine(), null));
        scratches.add(new Scratch(memory, scratchBytes));
        scratchBytes += Arena.aligned(layout.get_size());
        return memory;
    }

    /** Memory whose place is given by {@link #bind}. */
    private memory bindable(int name, desc layout) {
        memory memory = own(new memory(layout, device.engine(), null));
        bindings.put(name, new Binding(memory));
        return memory;
    }

    Operation argument(int argument, memory memory) {
        arguments.put(argument, memory);
        return this;
    }

    /** An argument in the caller's array, in the layout that the primitive wants too. */
    Operation bound(int argument, desc layout) {
        return argument(argument, bindable(argument, layout));
    }

    /** The same, bound by another name than the primitive's. */
    Operation bound(int name, int argument, desc layout) {
        return argument(argument, bindable(name, layout));
    }

    /** An argument that is read from the caller's array, by way of a copy if the primitive wants another layout. */
    void input(int argument, desc caller, desc wanted) {
        if (caller.equals(wanted)) {
            bound(argument, caller);
        } else {
            memory inner = scratch(wanted);
            argument(argument, inner);
            copyIn(argument, caller, inner);
        }
    }

    /** An argument that is written to the caller's array, by way of a copy if the primitive wants another layout. */
    void output(int argument, desc caller, desc wanted) {
        if (caller.equals(wanted)) {
            bound(argument, caller);
        } else {
            memory inner = scratch(wanted);
            argument(argument, inner);
            copyOut(argument, inner, caller);
        }
    }

    /** An argument that is read from the caller's array by way of a conversion. */
    void convertedInput(int argument, desc caller, desc wanted, Conversion conversion) {
        memory inner = scratch(wanted);
        argument(argument, inner);
        memory outer = bindable(argument, caller);
        before.add(() -> conversion.run(bytes(outer), bytes(inner)));
    }

    /** An argument that is written to the caller's array by way of a conversion. */
    void convertedOutput(int argument, desc caller, desc wanted, Conversion conversion) {
        memory inner = scratch(wanted);
        argument(argument, inner);
        memory outer = bindable(argument, caller);
        after.add(() -> conversion.run(bytes(inner), bytes(outer)));
    }

    private static ByteBuffer bytes(memory memory) {
        return new BytePointer(memory.get_data_handle()).capacity(memory.get_desc().get_size()).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** An argument whose values are added to those in the caller's array. */
    void addingOutput(int argument, desc caller, desc wanted) {
        memory inner = scratch(wanted);
        argument(argument, inner);
        after.add(addition(inner, bindable(argument, caller)));
    }

    /** Before each run the caller's array is copied into {@code inner}. */
    void copyIn(int argument, desc caller, memory inner) {
        before(bindable(argument, caller), inner);
    }

    /** After each run {@code inner} is copied into the caller's array. */
    void copyOut(int argument, memory inner, desc caller) {
        after(inner, bindable(argument, caller));
    }

    /** Before each run one memory is copied into another. */
    void before(memory from, memory to) {
        before.add(copy(from, to));
    }

    /** After each run one memory is copied into another. */
    void after(memory from, memory to) {
        after.add(copy(from, to));
    }

    /** When {@link #prepareInputs} is called the caller's array is copied into {@code inner}. */
    void preparedFrom(int name, desc caller, memory inner) {
        preparation.add(copy(bindable(name, caller), inner));
    }

    /** When {@link #prepareInputs} is called one memory is copied into another. */
    void prepared(memory from, memory to) {
        preparation.add(copy(from, to));
    }

    /** Owned memory's values in another layout. */
    memory view(memory of, desc layout) {
        return own(new memory(layout, device.engine(), of.get_data_handle()));
    }

    private Runnable copy(memory from, memory to) {
        return step(new reorder(from, to), from, to);
    }

    private Runnable addition(memory from, memory to) {
        post_ops sum = new post_ops();
        sum.append_sum();
        primitive_attr attributes = new primitive_attr();
        attributes.set_post_ops(sum);
        return step(new reorder(new reorder.primitive_desc(from, to, attributes, false)), from, to);
    }

    private Runnable step(reorder reorder, memory from, memory to) {
        IntMemoryMap map = own(new IntMemoryMap());
        map.put(dnnl.DNNL_ARG_FROM, from);
        map.put(dnnl.DNNL_ARG_TO, to);
        return step(own(reorder), map);
    }

    Operation bind(int name, INDArray array) {
        bindings.get(name).moveTo(array);
        return this;
    }

    /** Copies what is to stay for the following runs. */
    void prepareInputs() {
        execute(preparation);
    }

    void run() {
        bindScratch();
        execute(before);
        execute(List.of(main));
        execute(after);
    }

    private void execute(List<Runnable> steps) {
        try {
            steps.forEach(Runnable::run);
        } catch (RuntimeException e) {
            throw new IllegalStateException("Cannot run " + name + " with oneDNN: " + e.getMessage(), e);
        }
    }

    private void bindScratch() {
        if (scratchBytes == 0) {
            return;
        }
        Arena arena = Arena.ofThread();
        long address = arena.reserve(scratchBytes);
        if (address != boundArena) {
            scratches.forEach(scratch -> scratch.memory.set_data_handle(arena.at(scratch.offset)));
            boundArena = address;
        }
    }

    private Runnable step(primitive primitive, IntMemoryMap map) {
        return () -> primitive.execute(device.stream(), map);
    }

    /** Keeps a native object alive beyond the scope that it is made in, until {@link #close}. */
    private <P extends Pointer> P own(P pointer) {
        owned.add(pointer.retainReference());
        return pointer;
    }

    @Override
    public void close() {
        for (int i = owned.size() - 1; i >= 0; i--) {
            owned.get(i).close();
        }
        owned.clear();
    }
}
