# SPDX-License-Identifier: MPL-2.0
# Fuente: español de México, claro y sin masculino genérico.

problem-cannot-open = No se abrió. Revisa el código y vuelve a intentarlo. Nada se borró.
problem-no-vault = Aquí todavía no hay una bóveda. El primer paso es crearla: amate init
problem-vault-exists = Aquí ya hay una bóveda. No se tocó.
problem-in-use = La bóveda está abierta en otra ventana. Ciérrala ahí y vuelve a intentarlo.
problem-damaged = El código es correcto, pero los registros no se pueden leer: el archivo está dañado. No lo borres. Si tienes un respaldo, ábrelo en otra carpeta: amate restore, con --home. Sin respaldo, una persona experta puede ayudar.
problem-content-damaged = El contenido de esta pieza está dañado y no se lee completo. Lo que sí se leyó, desde el principio, quedó escrito. Para saber qué más está dañado: amate check
problem-partly-damaged = Hay daño. Todavía no borres nada ni muevas los archivos de la bóveda. Saca ya lo que sí se lee: amate export, amate view. Si tienes un respaldo de antes, ábrelo en otra carpeta: amate restore, con --home.
notice-change-dropped = El último cambio no llegó completo al disco, y no está. Si se cortó la luz, es normal: todavía no se te había dicho que estaba guardado. Si sí se te dijo, el disco está fallando: haz un respaldo con amate backup.
notice-lost-pages = Una parte de los registros ya no se puede leer. Lo demás está. Para saber qué falta y qué hacer: amate check
notice-old-key = Este equipo no pudo cambiar la llave de la capa de afuera, o no soltó la anterior. La bóveda abre y guarda como siempre, y sigue cerrada sin el código. Pero una copia de los archivos que alguien haya sacado antes todavía se puede comparar en este equipo, y abrir con el código de entonces. Se intenta de nuevo cada vez que abres.
problem-newer-version = Esta bóveda se hizo con una versión más nueva. Actualiza y vuelve a abrirla. No se cambió nada.
problem-no-space = Ya no cabe. Lo que ya estaba guardado sigue completo. Mira qué está lleno con: amate storage. Si no es nada de la bóveda, libera espacio en el disco. Después vuelve a intentarlo.
room-records-nearly = Los registros están casi llenos ({ $percent } %). Todavía cabe más, y todo lo guardado está completo. Para hacer lugar, borra piezas que ya entregaste: amate delete. Para lo nuevo también puedes hacer otra bóveda en otra carpeta, con --home.
room-records-full = Los registros están llenos (quedan { $free }): puede que lo nuevo ya no quepa. Todo lo guardado está completo. Borra piezas que ya entregaste: amate delete. O haz otra bóveda en otra carpeta, con --home. Aquí no ayuda --reserve.
room-media-nearly = El lugar para fotos, videos y archivos está casi lleno ({ $percent } %). Todavía cabe más, y todo lo guardado está completo. Puedes dar más lugar, si el disco lo tiene: amate storage --reserve. O borra piezas que ya entregaste: amate delete.
room-media-full = El lugar para fotos, videos y archivos está lleno (quedan { $free }): puede que lo nuevo ya no quepa. Todo lo guardado está completo. Da más lugar, si el disco lo tiene: amate storage --reserve. O borra piezas que ya entregaste: amate delete.
problem-cannot-read = No se pudo leer el archivo «{ $name }». Revisa el nombre. No se guardó nada de él.
problem-cannot-write = No se pudo escribir el archivo «{ $name }». Tus registros siguen en la bóveda.
problem-file-exists = Ya hay un archivo «{ $name }». No se tocó. Elige otro nombre, o muévelo primero.
problem-code-unsure = El disco falló mientras se cambiaba el código. Prueba el de antes; si no abre, el nuevo ya vale. Lo guardado está completo.
problem-same-code = Esa clave ya abre algo aquí. Elige otra.
problem-device = Las llaves de este aparato no responden. Eso no dice nada de tu clave, y aquí no se borró nada. Reinicia el aparato y vuelve a intentarlo. Si sigue así, usa un respaldo.
problem-wait = Hubo varias claves equivocadas. Espera { $seconds } segundos y prueba otra vez. Nada se borró.
problem-door-unsure = El disco falló en medio. La segunda puerta quedó completa o como estaba: cierra, entra otra vez y mira en Ajustes.
problem-no-backup-of-damaged = Una parte de los registros no se lee, y un respaldo sin esa parte engañaría. No se hizo. Mira qué está dañado con: amate check. Saca lo que sí se lee con amate export y amate view. Si tienes un respaldo anterior, ábrelo en otra carpeta: amate restore, con --home.
problem-backup-cannot-open = El respaldo no se abrió. Revisa las seis palabras, una por una. Si son ésas, el archivo no es un respaldo de Amate o está dañado. No se creó ninguna bóveda.
problem-backup-damaged = Las palabras son correctas, pero el archivo del respaldo está cortado o dañado. No se creó ninguna bóveda. Prueba con otra copia del archivo.
problem-backup-too-large = Lo que trae el respaldo no cabe: en el disco, o en el tamaño que elegiste. No se creó ninguna bóveda. Con --phone, da más con --records y --reserve; o hazlo sin --phone.
problem-no-smaller = El lugar de esta bóveda tiene tamaño fijo y sólo puede crecer. No se cambió nada. Mira cuánto es con: amate storage
problem-unfinished = Se detuvo antes de terminar. Nada se perdió. Para hacerlo completo: amate refresh. Empieza otra vez desde el primer lugar, para que no quede ninguno con llaves de antes.
refresh-due = Falta refrescar los archivos: amate refresh. Se guardaron fotos o videos más grandes de lo que una sesión disimula, o la última vez se cortó.
problem-not-found = No encontré { $what ->
    [case] el caso
    [item] la pieza
    [contact] el contacto
    [parcel] el envío
    [report] el reporte
   *[other] lo que buscas:
} «{ $name }». Revisa la lista con: amate status
problem-not-understood = No se entiende { $what ->
    [pairing] el código para vincular. Cópialo completo; empieza con AMATE1:
    [own-pairing] este código: es el tuyo. Pide el de la otra persona u organización.
    [capability] el permiso de envío. Cópialo completo; empieza con amatecap1
    [recipient] la llave age. Empieza con age1
    [meeting] el número de encuentro: son 8 cifras.
    [relay] la dirección del relevo. Empieza con https://
    [words] la respuesta. Escribe «sí» o «no».
   *[other] lo que escribiste. Revísalo.
}
problem-empty = Falta lo que pasó. Basta una frase.
problem-nothing-to-send = En este caso todavía no hay nada que enviar.
problem-no-common-relay = No hay un relevo al que puedas enviar y donde esa organización o persona recoja. Pídele su código para vincular con permiso de envío.
problem-no-answer = El relevo no contesta. Lo que está en espera sigue en espera y se enviará después. No se perdió nada.
problem-wrong-answer = El relevo contestó algo que no corresponde. No se le creyó. Lo que está en espera sigue en espera.
problem-refused = El relevo no acepta más envíos con este permiso. Lo que está en espera sigue guardado aquí. Pide otro permiso a quien recibe.
problem-forked = Este relevo mostró dos registros distintos: ya no se le cree nada. Se guardaron las dos pruebas. Usa otro relevo y avisa a quien recibe.
problem-expired = No llegó completo mientras el relevo lo guardaba. Pide que te lo envíen otra vez.
problem-too-much = Son demasiadas piezas para un solo envío. Envía menos a la vez, con --item. No se perdió nada.
problem-not-consistent = Este relevo no mostró que su registro continúa el que ya conocías. No se le creyó nada nuevo. Lo que está en espera sigue en espera.
problem-altered = Lo que llegó no coincide con sus firmas. Se guardó con esta nota y no se da por bueno.
problem-blocked = Este contacto está bloqueado.
problem-classic-recipient = Esa llave age es de las clásicas: una computadora cuántica podría abrir el archivo en el futuro. Si aun así la quieres usar, repite con --accept-classic.
problem-mixed-recipients = Hay llaves age de dos tipos. Haz un archivo para cada tipo.
problem-not-confirmed = No se cambió nada. Si es lo que quieres, repite la orden con --yes
problem-still-waiting = Esta pieza todavía espera salir. No se borró nada. Envíala primero con: amate send. O repite con --withdraw, y ya no saldrá nada de los envíos que la llevan.
problem-still-recording = Esta pieza todavía se está grabando. No se borró nada. Termina la grabación y vuelve a intentarlo.
problem-deleted = Borraste las piezas de este reporte sin abrirlo. Si lo necesitas, pide que te lo envíen otra vez.
problem-internal = Algo falló en el programa. Lo guardado no se cambió. Vuelve a intentarlo; si sigue, avísanos.
problem-locked = Se cerró con clave. Lo guardado está guardado.
