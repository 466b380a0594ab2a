package io.socketz.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks the members of a topology how they are. Members that do not answer take 2 s together, proxies and servers twice that. */
record StatusSurvey(List<EtcdMember> etcd, List<ServerMember> servers, List<HaproxyMember> proxies) {
    /** All members, etcd's first. */
    List<MemberStatus> all() {
        Map<String, Integer> clients = askAll(proxies.stream(), HaproxyMember::clients).stream()
                .flatMap(map -> map.entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Integer::sum));
        return askAll(Stream.of(etcd, servers, proxies).flatMap(List::stream), member -> status(member, clients));
    }

    private static MemberStatus status(Daemon member, Map<String, Integer> clients) {
        Condition condition = member.condition();
        long pid = member.pid();
        int count = pid == 0 ? -1 : clients.getOrDefault(member.name(), -1);
        return new MemberStatus(
                member.name(),
                member.kind(),
                pid,
                member.port(),
                condition.health().text(),
                condition.absence(),
                count);
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
}
