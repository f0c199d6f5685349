# SPDX-License-Identifier: MPL-2.0
language = es
cli-about = Amate guarda lo que pasó, lo sella y lo hace llegar a quien tú elijas.
cli-home = Carpeta de la bóveda
cli-lang = Lengua: es o en
cli-code-file = Archivo con el código en su primera línea; «-» es la entrada. Sólo para pruebas: en uso normal el código se pregunta
cli-proxy = Salida SOCKS, por ejemplo socks5h://127.0.0.1:9050 (Tor)
cli-usage = Uso
cli-options = Opciones
cli-commands = Órdenes
cli-examples = Ejemplos
cli-help = Muestra esta ayuda
cli-missing = Falta { $word }. Mira la ayuda: { $help }
cli-not-understood-word = No entendí «{ $word }». Mira la ayuda: { $help }
cli-not-understood = No entendí esa orden. Mira la ayuda: { $help }

cli-init = Crea la bóveda
cli-init-name = Tu nombre o seudónimo; va sellado y lo muestras sólo si quieres
cli-init-generate = Propone un código de cinco palabras y lo muestra una vez
cli-init-cost = Memoria del código en MiB, 64 o más (menos sólo para pruebas)
cli-init-phone = Con el tamaño fijo y las dos mitades de un teléfono: al disco siempre se ve igual de grande
cli-init-records = Tamaño del archivo de registros de un teléfono, en MiB
cli-init-reserve = Tamaño del archivo de fotos y videos de un teléfono, en MiB; la mitad es tuya
cli-log = Anota un hecho con tus palabras
cli-log-text = Lo que pasó; «-» lee de la entrada
cli-log-when = Cuándo: 2026-11-20, 2026-11, 2026 o palabras
cli-log-where = Dónde, sin más precisión de la que quieras: municipio, colonia, palabras
cli-case = Caso: su número. Sin esto, el último; si no hay, uno nuevo
cli-new-case = Abre un caso nuevo con este nombre (el nombre no sale de aquí)
cli-import = Guarda archivos que ya existen, tal como son
cli-files = Archivos o carpetas
cli-capture = Guarda una toma hecha dentro de la app: quita los metadatos antes de sellar y los guarda aparte
cli-record = Graba en vivo desde la entrada, por partes firmadas
cli-record-type = Tipo, por ejemplo audio/ogg o video/mp4
cli-record-small = Partes chicas (128 KiB) para redes lentas
cli-list = Muestra casos y piezas
cli-find = Busca por palabras en lo que anotaste y en lo que abriste
cli-find-words = Palabras; de la última basta el principio. Da igual con o sin acentos, y con cualquier saltillo; «-» las lee de la entrada
cli-delete = Borra una pieza para siempre; sin --yes sólo dice qué pasaría
cli-delete-item = Número de la pieza
cli-delete-case = Número de su caso
cli-delete-yes = Borrarla de verdad
cli-delete-withdraw = También retira de la fila los envíos que la llevan
cli-storage = Muestra cuánto lugar se usa y qué se está llenando
cli-storage-reserve = Da este lugar a fotos, videos y archivos, en MB. Con tamaño de teléfono es para siempre: no se puede deshacer
cli-storage-yes = Con tamaño de teléfono: darlo de verdad
storage-for-good = El lugar para fotos, videos y archivos pasa de { $now } a { $then }. En el disco son { $disk } más, porque las dos mitades crecen igual. Es para siempre: no se puede deshacer, y quien mire los archivos ve que crecieron.
cli-code = Cambia el código de la bóveda: pregunta el de ahora y dos veces el nuevo
cli-code-new-file = Archivo con el código nuevo en su primera línea. Sólo para pruebas
cli-backup = Hace una copia sellada de toda la bóveda en un archivo, que se abre con seis palabras
cli-backup-file = Archivo que se hará; nunca se escribe sobre otro
cli-words-file = Archivo con las palabras del respaldo en su primera línea. Sólo para pruebas: en uso normal se preguntan o se muestran una vez
cli-restore = Hace una bóveda con lo que trae un respaldo; sólo donde no hay ninguna
cli-restore-file = Archivo del respaldo
cli-refresh = Este equipo estuvo fuera de tus manos: da llaves nuevas a cada lugar de los archivos. No pide código
cli-check = Lee todo lo guardado y dice qué se lee y qué está dañado
storage-used = Fotos, videos y archivos: { $used } MB de { $reserve } MB.
storage-records = Registros (relatos y archivos chicos, firmas, llaves, acuses, textos para buscar): { $used } de { $total }.
storage-records-open = Registros (relatos y archivos chicos, firmas, llaves, acuses, textos para buscar): { $used }. Crecen mientras el disco tenga lugar.
cli-relay = Relevos que usa esta bóveda
cli-relay-add = Agrega un relevo
cli-relay-url = Dirección, por ejemplo https://relevo.example
cli-relay-key = Llave del relevo en hexadecimal, si te la dieron
cli-relay-capability = Permiso de envío, empieza con amatecap1
cli-relay-list = Muestra los relevos
cli-pair = Vincula con otra bóveda
cli-pair-show = Muestra tu código para vincular (el texto del QR)
cli-pair-grant = Incluye un permiso de envío para una persona; su número
cli-pair-scan = Lee el código de la otra pantalla
cli-pair-text = El texto; empieza con AMATE1:
cli-pair-name = Cómo le llamas tú
cli-pair-words = Vincula en una llamada, leyendo palabras
cli-pair-meeting = Número de encuentro de 8 cifras; sin él se empieza uno nuevo
cli-pair-relay = Dirección del relevo donde se encuentran
cli-block = Bloquea un contacto
cli-contact = Nombre del contacto
cli-send = Sella y pone en la fila un caso; luego envía lo que espera
cli-send-to = A quién; se puede repetir
cli-send-item = Sólo estas piezas (números); sin esto, todo el caso
cli-send-later = Sólo lo pone en la fila; no usa la red
cli-send-tries = Vueltas por los relevos antes de parar
cli-status = Dice la verdad sobre lo que espera, salió, llegó o se abrió
cli-receive = Recoge lo que llegó
cli-inbox = Muestra lo recibido
cli-open = Abre un reporte recibido, dice qué está probado y avisa a quien lo envió
cli-report = Número del reporte
cli-export = Exporta un caso completo en un archivo que cualquiera puede verificar
cli-export-out = Archivo que se hará
cli-export-to = Sella el archivo para esta llave age; se puede repetir
cli-export-classic = Acepta llaves age clásicas
cli-export-show = Datos que se muestran, separados por comas; «all» muestra cuanto se recibió
cli-verify = Verifica un caso exportado, sin red y sin bóveda
cli-verify-file = Archivo que se revisa
cli-verify-json = Sólo el resultado en JSON
cli-view = Escribe el contenido de una pieza en un archivo, en claro: después de esto ya no lo protege la bóveda

example-init = amate init
example-log = amate log "Dos hombres en una camioneta gris preguntaron por mí" --when 2026-11-20 --where "Tlapa"
example-import = amate import fotos/ acuse.pdf
example-capture = amate capture toma.jpg
example-record = arecord -f cd | amate record --type audio/wav
example-pair-show = amate pair show
example-pair-scan = amate pair scan AMATE1:IFGX… --name "Mesa"
example-pair-words = amate pair words --relay https://relevo.example
example-send = amate send --case 1 --to Mesa
example-receive = amate receive
example-open = amate open 1
example-export = amate export --case 1 caso.zip
example-delete = amate delete 3 --case 1
example-find = amate find camioneta gris
example-storage = amate storage --reserve 4000
example-code = amate code --generate
example-backup = amate backup respaldo.amate
example-restore = amate restore respaldo.amate
example-refresh = amate refresh
example-check = amate check
example-verify = amate verify caso.zip
example-relay = amate relay add https://relevo.example --capability amatecap1…

ask-code = Código:
ask-code-new = Código nuevo:
ask-words = Las seis palabras del respaldo, en su orden:
ask-code-again = El mismo código otra vez:
code-differs = Los dos códigos no son iguales. No se cambió nada.
code-short = El código es demasiado corto: usa cinco palabras o más. Este equipo no tiene una llave en su hardware, y un código corto se adivina en horas.
code-is = Tu código es: { $code }
code-write = Apréndelo o guárdalo lejos de este equipo. Sin él nadie puede abrir la bóveda; tampoco la gente que hace Amate.
init-done = La bóveda está lista. Nadie más tiene la llave.
init-phone-media = Para fotos, videos y archivos hay { $size }: más o menos { $minutes ->
    [one] un minuto
   *[other] { $minutes } minutos
} de video.
init-phone-records = Para registros (relatos, firmas, llaves, acuses) hay { $size }. Ese tamaño no crece.
init-phone-halves = Los archivos ocupan ya todo su tamaño. Tu bóveda es una mitad; la otra es ruido. Una segunda bóveda ahí todavía no existe.
two-copies = En este equipo la llave del equipo está junto a la bóveda. Quien tenga dos copias de esta carpeta, de momentos distintos, puede compararlas y ver qué mitad usas y cuánto guardaste. Lo que dice no: para eso hace falta tu código.
code-changed = El código cambió. El de antes ya no abre esta bóveda.
code-elsewhere = Las copias de antes siguen abriendo con lo suyo: los respaldos con sus palabras, y una copia vieja de la carpeta con el código viejo.
backup-words = Las seis palabras del respaldo son: { $code }
backup-write = Se muestran sólo esta vez. Escríbelas y guárdalas lejos del archivo. Sin ellas nadie abre el respaldo; con ellas y el archivo, cualquiera.
backup-running = Haciendo el respaldo…
backup-done = Respaldo hecho y sellado: { $name }
backup-holds = Trae todo lo de esta bóveda: casos, piezas, llaves, contactos, envíos y reportes. De otra bóveda no trae nada. Quien tenga el archivo y las palabras puede leer todo y firmar en tu nombre.
backup-without = Falta lo que ya no se lee: en el respaldo están sus datos y firmas, no su contenido.
backup-keeps = Lo que borres después sigue en el respaldo, y lo que guardes después no está. Cuando hagas otro, borra éste.
restore-running = Abriendo el respaldo…
restore-done = La bóveda está aquí, con todo lo que tenía el día del respaldo. Lo de después no está. Se abre con tu código nuevo.
restore-one = Si después del respaldo ya no usaste la bóveda de antes, puedes seguir aquí. Entonces no uses más la otra: las dos firman con la misma llave.
restore-read = Si allá seguiste, usa ésta sólo para leer y sin red. Lo que firmara contradice lo que ya enviaste y no se acepta, y lo que te manden se puede perder sin aviso. Para lo nuevo, haz otra bóveda y vincula otra vez.
refreshing = Refrescando: { $percent } %
refresh-done = Listo: cada lugar de los archivos tiene llaves nuevas.
refresh-software = Ojo: en este equipo la llave del equipo está junto a la bóveda. Por eso refrescar no impide comparar con una copia que alguien haya sacado antes. Servirá cuando la llave esté en el hardware de un teléfono, que todavía no existe.
checking = Leyendo todo…
check-whole = Todo se lee completo: { $count ->
    [one] 1 pieza
   *[other] { $count } piezas
}, { $size }.
check-rest = Se leen completas { $count ->
    [one] 1 pieza
   *[other] { $count } piezas
}, { $size }.
check-item = Dañada: caso { $case }, pieza { $number } · { $title }. Su contenido no se lee completo; sus datos y firmas sí.
check-others = { $count ->
    [one] Un contenido que estaba llegando no se lee
   *[other] { $count } contenidos que estaban llegando no se leen
}. Pide que te lo envíen otra vez.
check-pages = { $count ->
    [one] Una página de los registros no se lee
   *[other] { $count } páginas de los registros no se leen
}. Puede faltar cualquier cosa de la lista: piezas, firmas, contactos o llaves.
check-unlisted = La lista de lo guardado no se puede leer. No se sabe qué falta.
check-repaired = Una de dos copias de algo estaba mal y se escribió otra vez: no se perdió nada. Si se repite sin cortes de luz, el disco está fallando.
saved-record = Guardado. Caso { $case }, pieza { $number }.
kind-record = relato
kind-image = foto
kind-audio = audio
kind-video = video
kind-document = documento
kind-file = archivo
saved-import = Guardado tal como es: { $name } ({ $type }). Caso { $case }, pieza { $number }.
saved-capture = Guardado: { $name } ({ $type }). Metadatos ({ $bytes }) quitados antes de sellar y guardados aparte. Caso { $case }, pieza { $number }.
saved-live = Grabación guardada: { $segments } partes. Caso { $case }, pieza { $number }.
live-recording = Grabando. Cada parte completa queda guardada y sellada.
list-empty = Todavía no hay nada guardado. Para empezar: { $example }
find-none = No encontré nada con todas estas palabras: { $words }. Busco en tus relatos y en los que abriste, en lugares, fechas, nombres de casos y nombres de archivos. Dentro de fotos, audios, videos y documentos no busco. Prueba con menos palabras, o mira todo con: amate list
find-part = Puede faltar algo: los registros no tuvieron lugar para poder buscar en todo. Nada se perdió; con amate list se ve todo.
list-case = Caso { $case }: { $title }
list-item = { $number }. { $type }, { $length }, { $state ->
    [interrupted] interrumpida: vale hasta su última parte completa
    [recording] grabando
   *[complete] completa
} · guardada { $time } según este equipo · { $title }
case-untitled = sin nombre
relay-added = Relevo agregado: { $url }. Su llave es { $key }.
relay-none = Todavía no hay relevos. Quien recibe te da uno al vincular, o agrégalo con: amate relay add
relay-line = { $url } · llave { $key } · { $may ->
    [yes] con permiso de envío
   *[no] sólo para recoger
}
pair-show-hint = Que la otra persona lea esto de tu pantalla. Después lee tú el suyo: sólo entonces hay verificación de los dos lados.
pair-own = Tu identidad es { $identity }. Es el número que ve quien verifica lo que exportas.
pair-done = { $name }: verificado. Su identidad es { $identity }.
pair-read-number = Lee este número en voz alta: { $number }
pair-waiting = Esperando a la otra persona…
pair-words = Estas son las palabras: { $words }
pair-words-how = Lean las palabras en voz alta, por turnos. ¿Son exactamente las mismas?
pair-answer = Escribe «sí» o «no»:
pair-refused = No se vinculó. Si las palabras no eran las mismas, alguien puede estar en medio: usa otra vía.
blocked-done = { $name }: con bloqueo. Nada suyo se recibe ni se le envía.
queued = En la fila para { $name }: { $items ->
    [one] 1 pieza
   *[other] { $items } piezas
}, { $blocks ->
    [one] 1 bloque
   *[other] { $blocks } bloques
}. Nada salió todavía de este equipo.
delivering = Enviando…
delivery = { $name }: { $state ->
    [waiting] en espera; nada ha salido de este equipo
    [left] salió de este equipo; { $left ->
        [one] falta 1 bloque
       *[other] faltan { $left } bloques
    } por llegar al relevo
    [at-relay] en el relevo { $relay }, con acuse de todo, desde { $time } según el reloj del relevo
   *[opened] abierto por una persona: hay una firma suya
}
status-parcel = Envío { $parcel }, caso { $case }, puesto en la fila { $time } según este equipo
status-none = No hay envíos.
status-new-log = { $url } empezó un registro nuevo. Los comprobantes de antes siguen valiendo; pregunta a quien lo opera por qué.
status-unproven = { $url } no ha mostrado que su registro continúa el que ya conocías. Mientras no lo muestre, no se le cree nada nuevo.
status-forked = { $url } mostró dos registros distintos: ya no se le cree nada.
status-stale = { $name }: sus llaves publicadas son viejas. Pídele que abra su mesa y conecte.
received-none = No llegó nada nuevo.
received = Llegó el reporte { $report } de { $name } ({ $verified ->
    [yes] verificado
   *[no] sin verificar: no sabes con certeza quién es
}).
received-refused = { $count ->
    [one] Llegó un envío que no coincide con sus firmas. No se dio por bueno.
   *[other] Llegaron { $count } envíos que no coinciden con sus firmas. No se dieron por buenos.
}
inbox-none = Todavía no ha llegado nada. Lo que te envíen aparecerá aquí después de: { $example }
inbox-line = { $report }. { $name } · { $state ->
    [announced] llegó el aviso; falta traer lo demás
    [arrived] completo, sin abrir
    [opened] abierto
    [newer] necesita una versión más nueva de Amate; se guardó
   *[refused] no se aceptó: { $reason }
}
open-title = Reporte { $report } de { $name }
open-case = Llegaron { $here } de { $listed } piezas del caso.
open-missing = Faltan las piezas: { $numbers }. Quien envió decidió no mandarlas, están en camino, o tú las borraste.
open-item = Pieza { $number }: { $type }, { $length }
open-story = En sus palabras: { $story }
open-when = Cuándo, según quien lo vivió: { $when }
open-where = Dónde: { $where }
open-done = Se avisó a quien lo envió que una persona lo abrió.
export-done = Exportado: { $name }. Cualquiera puede verificarlo con: amate verify { $name }
export-sealed = Sellado para { $count ->
    [one] una llave age
   *[other] { $count } llaves age
}: { $name }
export-warning = Este archivo sale de la bóveda en claro: quien lo tenga puede leerlo.
view-done = Se escribió { $name } en claro. Ya no lo protege la bóveda.
delete-what = Se borrará: caso { $case }, pieza { $number }, { $length } · { $title }
delete-own = Se borran de esta bóveda su contenido, sus datos, su custodia, sus comprobantes de los relevos y la llave que la firma. Nadie la puede recuperar. Lo que no hayas entregado o exportado antes ya no se podrá probar con ella.
delete-received = Se borra tu copia, con sus datos y sus comprobantes. Quien la envió puede tener la suya; si te la envía otra vez, vuelve a aparecer aquí. Se queda, sin contenido, la nota firmada de que llegó y de lo que hiciste con ella.
delete-listed = La lista firmada del caso seguirá nombrando la pieza { $number }. Quien verifique el caso verá que falta, no lo que decía. Su número no se usa otra vez.
delete-waiting = Todavía espera salir, en { $count ->
    [one] un envío
   *[other] { $count } envíos
}. Si la borras con --withdraw, esos envíos se retiran enteros, con sus demás piezas. Lo que de eso ya salió puede quedarse en el relevo.
delete-left = Ya salió de este equipo: lo que tienen el relevo o quien la recibió no se borra desde aquí.
delete-done = Borrada: caso { $case }, pieza { $number }. El archivo original, si lo hay fuera de la bóveda, sigue donde estaba.
inbox-deleted = borraste todas sus piezas sin abrirlo
verify-not-export = Este archivo no es un caso exportado por Amate, o está demasiado dañado para leerlo.
unknown-name = alguien sin nombre
metadata-kept-as-is = Guardado sin cambios: { $name }. No se pudieron separar sus metadatos; al enviarlo irían incluidos.
yes = sí
no = no
cli-status-blocks = Sólo los nombres de los bloques, uno por línea
cli-phone = Abre las pantallas de un teléfono en el navegador de esta computadora
cli-desk = Abre las pantallas de una mesa en el navegador de esta computadora
cli-port = Puerto en esta computadora; 0 es cualquiera que esté libre
example-phone = amate phone
example-desk = amate desk
screens-open = Abre esta dirección en el navegador de esta computadora. Sirve una sola vez. Para terminar: Ctrl-C
open-waits = Hubo varios códigos equivocados. Se espera { $seconds } segundos antes de probar éste.
