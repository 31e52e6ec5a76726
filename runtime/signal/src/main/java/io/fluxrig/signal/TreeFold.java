package io.fluxrig.signal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Joins neighbouring perfect subtrees, given from left to right, into the one tree of RFC 9162 section 2.1.1. */
final class TreeFold {
    private record Node(int level, long index, byte[] hash) {}

    private final Deque<Node> right = new ArrayDeque<>();
    private long end;

    /** @param start the leaf index at which the first subtree begins */
    TreeFold(long start) {
        this.end = start;
    }

    /** Adds the perfect subtree of {@code 1 << level} leaves that begins where the last one ended. */
    void add(int level, byte[] hash) {
        Node node = new Node(level, end >>> level, hash);
        end += 1L << level;
        while ((node.index() & 1) == 1 && !right.isEmpty() && right.peek().level() == node.level()) {
            Node left = right.pop();
            node = new Node(left.level() + 1, left.index() >>> 1, Hashes.nodeHash(left.hash(), node.hash()));
        }
        right.push(node);
    }

    /** Adds {@code [from, to)} as perfect subtrees; it begins where the last one ended. */
    void cover(long from, long to, HashRange hashes) {
        for (int level : levels(from, to)) {
            add(level, hashes.subtree(level, end >>> level));
        }
    }

    byte[] root() {
        if (right.isEmpty()) {
            return Hashes.emptyRoot();
        }
        byte[] root = null;
        for (Node node : right) {
            root = root == null ? node.hash() : Hashes.nodeHash(node.hash(), root);
        }
        return root;
    }

    /** Levels of the maximal aligned perfect subtrees that cover {@code [from, to)}, from left to right. */
    static List<Integer> levels(long from, long to) {
        List<Integer> levels = new ArrayList<>();
        long at = from;
        while (at < to) {
            int fits = 63 - Long.numberOfLeadingZeros(to - at);
            int level = at == 0 ? fits : Math.min(Long.numberOfTrailingZeros(at), fits);
            levels.add(level);
            at += 1L << level;
        }
        return levels;
    }
}
