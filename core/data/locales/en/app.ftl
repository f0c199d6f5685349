# SPDX-License-Identifier: MPL-2.0
problem-cannot-open = It did not open. Check the code and try again. Nothing was deleted.
problem-no-vault = There is no vault here yet. The first step is to make one: amate init
problem-vault-exists = There is a vault here already. It was not touched.
problem-in-use = The vault is open in another window. Close it there and try again.
problem-damaged = The code is right, but the records cannot be read: the file is damaged. Do not delete it; a backup or an expert may help.
problem-newer-version = This vault was made by a newer version. Update, then open it again. Nothing was changed.
problem-no-space = It is full. What was saved before is whole. See what is full with: amate storage. If it is nothing of the vault, free some space on the disk. Then try again.
room-records-nearly = The records are nearly full ({ $percent } %). There is still room, and everything kept is whole. To make room, delete items that you have handed over: amate delete. For what is new you can also make another vault in another folder, with --home.
room-records-full = The records are full ({ $free } left): what is new may not fit any more. Everything kept is whole. Delete items that you have handed over: amate delete. Or make another vault in another folder, with --home. Here --reserve does not help.
room-media-nearly = The room for photos, videos and files is nearly full ({ $percent } %). There is still room, and everything kept is whole. You can give more, if the disk has it: amate storage --reserve. Or delete items that you have handed over: amate delete.
room-media-full = The room for photos, videos and files is full ({ $free } left): what is new may not fit any more. Everything kept is whole. Give more room, if the disk has it: amate storage --reserve. Or delete items that you have handed over: amate delete.
problem-cannot-read = The file “{ $name }” could not be read. Check the name. Nothing of it was saved.
problem-cannot-write = The file “{ $name }” could not be written. Your records are still in the vault.
problem-not-found = I did not find the { $what ->
    [case] case
    [item] item
    [contact] contact
    [parcel] parcel
    [report] report
   *[other] thing
} “{ $name }”. See the list with: amate status
problem-not-understood = { $what ->
    [pairing] This pairing code cannot be understood. Copy all of it; it begins with AMATE1:
    [own-pairing] This is your own code. Ask for the other side’s.
    [capability] This capability cannot be understood. Copy all of it; it begins with amatecap1
    [recipient] This age key cannot be understood. It begins with age1
    [meeting] The meeting number has 8 digits.
    [relay] This relay address cannot be understood. It begins with https://
    [words] The answer cannot be understood. Write “yes” or “no”.
   *[other] What you wrote cannot be understood. Check it.
}
problem-empty = What happened is missing. One sentence is enough.
problem-nothing-to-send = There is nothing to send in this case yet.
problem-no-common-relay = There is no relay that you may send to and where they collect. Ask them for their pairing code with a capability.
problem-no-answer = The relay does not answer. What waits keeps waiting and will be sent later. Nothing was lost.
problem-wrong-answer = The relay answered something that does not fit. It was not believed. What waits keeps waiting.
problem-refused = The relay takes no more with this capability. What waits is still saved here. Ask the recipient for another capability.
problem-forked = This relay showed two different logs: nothing of it is believed any more. Both proofs were kept. Use another relay and tell the recipient.
problem-expired = It did not arrive whole while the relay kept it. Ask for it to be sent again.
problem-too-much = These are too many items for one sending. Send fewer at a time, with --item. Nothing was lost.
problem-not-consistent = This relay did not show that its log continues the one you knew. Nothing new of it was believed. What waits keeps waiting.
problem-altered = What arrived does not match its signatures. It was kept with this note and is not taken as good.
problem-blocked = This contact is blocked.
problem-classic-recipient = This age key is a classic one: a future quantum computer could open the file. To use it all the same, repeat with --accept-classic.
problem-mixed-recipients = There are age keys of two kinds. Make one file for each kind.
problem-not-confirmed = Nothing was deleted. If it is what you want, repeat the command with --yes
problem-still-waiting = This item still waits to leave. Nothing was deleted. Send it first with: amate send. Or repeat with --withdraw, and nothing more leaves of the parcels that carry it.
problem-still-recording = This item is still being recorded. Nothing was deleted. End the recording and try again.
problem-deleted = You deleted the items of this report without opening it. If you need it, ask for it to be sent again.
problem-internal = Something failed in the program. What was saved did not change. Try again; if it goes on, tell us.
