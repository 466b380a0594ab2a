package io.socketz.state;

import java.util.List;

/**
 * What has become of clients that were to be disconnected.
 *
 * @param gone how many are on no roster any more, whoever ended their connections
 * @param left those that are still there, because their server did not answer in time; they will not be disconnected, unless
 *     that was about to happen
 * @param revision of the store, at which those that are gone were gone; without a store, the roster's version
 */
public record KickResult(int gone, List<Client> left, long revision) {}
