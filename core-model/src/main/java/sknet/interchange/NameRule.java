package sknet.interchange;

import java.util.Optional;

/**
 * One line of a table of names.
 *
 * @param inFile    a tensor's name in the file
 * @param parameter ours, {@code layer/parameter}
 * @param layout    how the file's values lie
 */
record NameRule(NameTemplate inFile, NameTemplate parameter, Layout layout) {

    /** What the file calls a parameter of ours, if this line is about it. */
    Optional<String> fileName(String name) {
        return parameter.match(name).map(inFile::fill);
    }
}
