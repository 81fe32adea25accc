package sknet.sync;

/** How gradients travel. */
public enum WireType {
    /** float32: exact. */
    FP32,
    /** bfloat16, half the bytes: every replica's part is rounded, and so is their sum, which is added up in float32. All ranks still get the same bits. */
    BF16
}
