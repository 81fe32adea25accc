package sknet.data.archive;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What headers before an entry say of it, which wins over its own. */
record PaxRecords(Optional<String> path, Optional<Long> bytes) {
    static final PaxRecords NONE = new PaxRecords(Optional.empty(), Optional.empty());

    PaxRecords withPath(String name) {
        return new PaxRecords(Optional.of(name), bytes);
    }

    PaxRecords plus(PaxRecords later) {
        return new PaxRecords(later.path.or(() -> path), later.bytes.or(() -> bytes));
    }

    /** Reads the content of a pax header, lines of "LENGTH KEY=VALUE" whose length counts bytes; none if it is damaged. */
    static Optional<PaxRecords> parse(String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        PaxRecords records = NONE;
        int start = 0;
        try {
            while (start < content.length && content[start] != 0) {
                int blank = start;
                while (content[blank] != ' ') {
                    blank++;
                }
                int length = Integer.parseInt(new String(content, start, blank - start, StandardCharsets.UTF_8));
                String[] record = new String(content, blank + 1, start + length - blank - 2, StandardCharsets.UTF_8).split("=", 2);
                if (record[0].equals("path")) {
                    records = records.withPath(record[1]);
                } else if (record[0].equals("size")) {
                    records = new PaxRecords(records.path, Optional.of(Long.parseLong(record[1])));
                }
                start += length;
            }
        } catch (IndexOutOfBoundsException | NumberFormatException damaged) {
            return Optional.empty();
        }
        return Optional.of(records);
    }
}
