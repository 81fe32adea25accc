package sknet.cli;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sknet.bench.SelfTest;
import sknet.kernel.KernelProvider;
import sknet.model.Precision;

/** {@code sknet selftest}. */
@Command(name = "selftest", mixinStandardHelpOptions = true,
    description = "Compares every kind of layer, as this machine's processor or GPU computes it, with the portable computation in float64.")
final class SelfTestCommand implements Callable<Integer> {

    @Option(names = "--precision", defaultValue = "fp32", paramLabel = "TYPE",
        description = "Of the activations: fp32 or bf16 (default: ${DEFAULT-VALUE}).")
    private String precision;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of the kernels (default: all of this machine).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Mixin
    @SuppressWarnings("unused")
    private VerboseOption verbose;

    @Override
    public Integer call() {
        Precision tested = Precision.named(precision);
        KernelProvider.useThreads(threads);
        System.out.println("Backend " + Nd4j.getBackend().getClass().getSimpleName() + ", " + tested.label());
        List<SelfTest.Finding> findings = new SelfTest(tested).run(finding -> System.out.printf(Locale.ROOT,
            "%-4s %-56s %8.1e of %.0e  (%s)%n", finding.passed() ? "ok" : "FAIL", finding.layer(), finding.error(), finding.limit(),
            finding.worst()));
        long failed = findings.stream().filter(finding -> !finding.passed()).count();
        System.out.println(failed == 0 ? "All layers agree. './sknet bench train' measures their speed."
            : failed + " of " + findings.size() + " layers differ: do not train here in this precision.");
        return failed == 0 ? 0 : 1;
    }
}
