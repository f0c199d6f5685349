# SPDX-License-Identifier: MPL-2.0
problem-cannot-open = It did not open. Check the code and try again. Nothing was deleted.
problem-no-vault = There is no vault here yet. The first step is to make one: amate init
problem-vault-exists = There is a vault here already. It was not touched.
problem-in-use = The vault is open in another window. Close it there and try again.
problem-damaged = The code is right, but the records cannot be read: the file is damaged. Do not delete it. If you have a backup, open it in another folder: amate restore, with --home. Without one, an expert may help.
problem-content-damaged = The content of this item is damaged and cannot be read whole. What could be read, from its beginning, was written. To know what else is damaged: amate check
problem-partly-damaged = There is damage. Delete nothing yet, and do not move the files of the vault. Take out now what can be read: amate export, amate view. If you have an earlier backup, open it in another folder: amate restore, with --home.
notice-change-dropped = The last change did not reach the disk whole, and is not there. After a power cut that is as it should be: you had not been told yet that it was saved. If you had been told, the disk is failing: make a backup with amate backup.
notice-lost-pages = A part of the records cannot be read any more. The rest is there. To know what is missing and what to do: amate check
notice-old-key = This device could not change the key of the outer layer, or did not let go of the one before. The vault opens and saves as always, and stays closed without the code. But a copy of the files that somebody took before can still be compared on this device, and opened with the code of that time. It is tried again each time you open.
problem-newer-version = This vault was made by a newer version. Update, then open it again. Nothing was changed.
problem-no-space = It is full. What was saved before is whole. See what is full with: amate storage. If it is nothing of the vault, free some space on the disk. Then try again.
room-records-nearly = The records are nearly full ({ $percent } %). There is still room, and everything kept is whole. To make room, delete items that you have handed over: amate delete. For what is new you can also make another vault in another folder, with --home.
room-records-full = The records are full ({ $free } left): what is new may not fit any more. Everything kept is whole. Delete items that you have handed over: amate delete. Or make another vault in another folder, with --home. Here --reserve does not help.
room-media-nearly = The room for photos, videos and files is nearly full ({ $percent } %). There is still room, and everything kept is whole. You can give more, if the disk has it: amate storage --reserve. Or delete items that you have handed over: amate delete.
room-media-full = The room for photos, videos and files is full ({ $free } left): what is new may not fit any more. Everything kept is whole. Give more room, if the disk has it: amate storage --reserve. Or delete items that you have handed over: amate delete.
problem-cannot-read = The file “{ $name }” could not be read. Check the name. Nothing of it was saved.
problem-cannot-write = The file “{ $name }” could not be written. Your records are still in the vault.
problem-file-exists = There is a file “{ $name }” already. It was not touched. Choose another name, or move it first.
problem-code-unsure = The disk failed while the code was being changed. Try the old one; if it does not open, the new one holds. What was saved is whole.
problem-same-code = That code already opens something here. Choose another.
problem-device = The keys of this device do not answer. That says nothing about your code, and nothing was deleted here. Restart the device and try again. If it stays so, use a backup.
problem-wait = Several codes were wrong. Wait { $seconds } seconds and try again. Nothing was deleted.
problem-door-unsure = The disk failed in the middle. The second door is whole, or as it was: lock, go in again and look in Settings.
problem-no-backup-of-damaged = A part of the records cannot be read, and a backup without it would deceive you. None was made. See what is damaged with: amate check. Take out what can be read with amate export and amate view. If you have an earlier backup, open it in another folder: amate restore, with --home.
problem-backup-cannot-open = The backup did not open. Check the six words, one by one. If they are right, the file is no backup of Amate or is damaged. No vault was made.
problem-backup-damaged = The words are right, but the file of the backup is cut or damaged. No vault was made. Try another copy of the file.
problem-backup-too-large = What is in the backup does not fit: on the disk, or in the size that you chose. No vault was made. With --phone, give more with --records and --reserve; or do it without --phone.
problem-no-smaller = The room of this vault has a fixed size and can only grow. Nothing was changed. See how much it is with: amate storage
problem-unfinished = It was stopped before the end. Nothing was lost. To do all of it: amate refresh. It begins again at the first place, so that none is left with keys from before.
refresh-due = The files should be refreshed: amate refresh. Photos or videos were saved that are larger than one session conceals, or the last refresh was cut.
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
problem-not-confirmed = Nothing was changed. If it is what you want, repeat the command with --yes
problem-still-waiting = This item still waits to leave. Nothing was deleted. Send it first with: amate send. Or repeat with --withdraw, and nothing more leaves of the parcels that carry it.
problem-still-recording = This item is still being recorded. Nothing was deleted. End the recording and try again.
problem-deleted = You deleted the items of this report without opening it. If you need it, ask for it to be sent again.
problem-internal = Something failed in the program. What was saved did not change. Try again; if it goes on, tell us.
problem-locked = It was locked. What was saved is saved.
