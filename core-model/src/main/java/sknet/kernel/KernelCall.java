package sknet.kernel;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One call of a kernel in a recording of Java's Flight Recorder: where a step's time goes, in a benchmark or in an executor at work. */
@Name(KernelCall.NAME)
@Label("Kernel call")
@Category("SKNet")
@StackTrace(false)
public final class KernelCall extends Event {
    /** The event's name in recordings. */
    public static final String NAME = "sknet.KernelCall";

    @Label("Operation")
    @Description("Such as 'convolution 1x1'")
    String operation;

    @Label("Pass")
    @Description("The kernel's method, such as 'backwardWeights'")
    String pass;

    @Label("Shape")
    String shape;
}
