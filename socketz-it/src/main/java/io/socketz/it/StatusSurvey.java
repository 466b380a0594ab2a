package io.socketz.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks the members of a topology how they are. Members that do not answer take 2 s together, proxies twice that. */
record StatusSurvey(List<EtcdMember> etcd, List<ServerMember> servers, List<HaproxyMember> proxies) {
    /** All members, etcd's first. */
    List<MemberStatus> all() {
        Map<String, Integer> clients = askAll(proxies.stream(), HaproxyMember::clients).stream()
                .flatMap(map -> map.entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Integer::sum));
        return statuses(Stream.of(etcd, servers, proxies).flatMap(List::stream), clients);
    }

    /** As in {@link MemberStatus#health}. */
    String health(Daemon member) {
        return statuses(Stream.concat(etcd.stream(), Stream.of(member)), Map.of()).stream()
                .filter(status -> status.name().equals(member.name()))
                .findFirst()
                .orElseThrow()
                .health();
    }

    /**
     * Without etcd, servers still answer, but do not learn of each other's clients. Whether etcd is away, etcd itself is asked:
     * to ask servers would take a list of all clients.
     */
    private List<MemberStatus> statuses(Stream<Daemon> asked, Map<String, Integer> clients) {
        List<MemberStatus> all = askAll(asked, member -> status(member, clients));
        Set<String> etcdNames = names(etcd);
        if (all.stream().anyMatch(status -> etcdNames.contains(status.name()) && status.isHealthy())) {
            return all;
        }
        Set<String> serverNames = names(servers);
        return all.stream()
                .map(status -> serverNames.contains(status.name()) && status.isHealthy()
                        ? status.withHealth("degraded: no etcd")
                        : status)
                .toList();
    }

    private static MemberStatus status(Daemon member, Map<String, Integer> clients) {
        String health = member.health().text();
        long pid = member.pid();
        int count = pid == 0 ? -1 : clients.getOrDefault(member.name(), -1);
        return new MemberStatus(member.name(), pid, member.port(), health, count);
    }

    /** Asks all at once: one that is silent must not delay the others. */
    private static <D extends Daemon, T> List<T> askAll(Stream<D> members, Function<D, T> question) {
        List<FutureTask<T>> answers = new ArrayList<>();
        for (D member : members.toList()) {
            FutureTask<T> answer = new FutureTask<>(() -> question.apply(member));
            Thread thread = new Thread(answer, "question to " + member.name());
            thread.setDaemon(true);
            thread.start();
            answers.add(answer);
        }
        List<T> all = new ArrayList<>();
        try {
            for (FutureTask<T> answer : answers) {
                all.add(answer.get());
            }
        } catch (InterruptedException e) {
            throw Wait.interrupted();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return all;
    }

    private static Set<String> names(List<? extends Daemon> members) {
        return members.stream().map(Daemon::name).collect(Collectors.toUnmodifiableSet());
    }
}
