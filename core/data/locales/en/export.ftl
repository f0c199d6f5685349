# SPDX-License-Identifier: MPL-2.0
# What a verification says: what is proved and what is not.

export-intact = Intact: no byte of this file changed since it was exported, and all signatures match.
export-altered = ALTERED. This does not match:
export-altered-file = { $file }: { $why ->
    [archive] the structure of the archive was changed
    [chain] it does not continue what came before
    [content] it is not the content that was signed
    [countersignature] whoever made this item did not put it into this case
    [crc] its bytes were changed
    [fact] the fact shown is not the one that was sealed
    [fork] its signer left two different histories
    [hash] it is not what was exported
    [json] it is not of the required form
    [missing-file] it should be here and is not
    [proof] the relay's proof does not hold
    [signature] the signature does not match
   *[unknown-file] it should not be here
}
export-exporter = Exported by identity { $identity }. Compare this number with the one that organisation or person gave you.
export-case = Here are { $here } of { $listed ->
    [one] { $listed } item
   *[other] { $listed } items
} of the case.
export-missing = Items { $numbers } are not here: whoever documented or exported left them out.
export-item = Item { $n }: { $origin ->
    [capture] captured inside the app
    [import] a file that existed already
    [live] live recording
    [record] written record
    [redaction] copy with parts taken away
   *[other] without a valid description
}, { $state ->
    [complete] complete
    [interrupted] interrupted: valid up to its last whole segment ({ $segments })
   *[altered] altered
}. Custody entries: { $custody }.
export-not-before = Signed after { $time }, by the clock of relay { $origin }.
export-not-after = It existed at { $time }, by the clock of relay { $origin }.
export-no-clock = No independent clock says since when it exists.
export-facts = Facts shown, the same as were sealed: { $facts }.
fact-author = name chosen by whoever documented
fact-boot = start of the phone
fact-case = key of the case
fact-clock = clock of the phone
fact-device = device
fact-identity = identity of whoever documented
fact-metadata = metadata taken off the capture
fact-name = original file name
fact-network = kind of network
fact-place = place
export-not-shown = What this does NOT prove:
export-not-shown-happened = that what is told or seen happened: a photo of a photo passes this test too;
export-not-shown-who = who held the device;
export-not-shown-clock = that the relay's clock was right: only that this relay says so;
export-not-shown-import = when or how files that existed already were made: only since when they are here;
export-not-shown-interrupted = what happened after an interrupted recording was cut;
export-not-shown-facts = that the facts shown are true: only that they did not change since they were sealed;
export-not-shown-more = that the case has no further items, added after this statement.
