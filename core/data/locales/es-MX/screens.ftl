# SPDX-License-Identifier: MPL-2.0
# Lo que dicen las pantallas. Fuente: español de México, claro y sin masculino genérico.

app-name = Notas
word-back = Atrás
word-listen = Escuchar
word-quiet = Dejar de escuchar
word-hide = Esconder
word-hold = Mantén apretado
word-again = Tócalo otra vez para confirmar
word-next = Seguir
word-working = Un momento…
word-lost = Esta ventana perdió la conexión con la app. Lo guardado está guardado. Vuelve a abrirla.
word-no-camera = No se pudo usar la cámara. Revisa el permiso, o elige un archivo.
word-no-microphone = No se pudo usar el micrófono. Revisa el permiso, o elige un archivo.
go-on = Seguir
done = Listo
begin-again = Empezar de nuevo

# Primera vez
language-title = Elige tu lengua
language-help = Puedes cambiarla después.
about-title = Qué es esto
about-write = Aquí escribes lo que pasó, con fotos, video o voz. Se guarda cerrado con tu clave, sólo en este teléfono.
about-prove = Después se puede probar que no se cambió, y desde cuándo existe.
about-send = Nada sale de aquí si tú no lo envías. Lo abren sólo las personas que tú eliges.
about-nobody = Nadie te pide nombre, número ni correo.
about-desk-receive = Aquí tu organización recibe lo que le envían, cerrado de extremo a extremo.
about-desk-check = Cada reporte se comprueba: quién lo firmó, si cambió y desde cuándo existe.
about-desk-key = Todo queda cerrado con una clave en esta computadora.
about-browser = En un navegador esto es una demostración. El navegador puede guardar rastros que un teléfono no guarda.
named-title = Tu organización
named-why = ¿Cómo la conocen las personas que le van a escribir?
named-name = Nombre de la organización
named-help = Va en los reportes que firmas y en las respuestas. Puede ser un seudónimo.
named-empty = Falta el nombre. Puede ser un seudónimo.
code-title = Tu clave
code-closes = Con estas cinco palabras se cierra todo lo que guardes.
code-words = Tu clave
code-forgotten = Si las olvidas, lo guardado no se puede abrir. Nadie puede darte otras.
code-why-words = Aquí ninguna pieza del aparato ayuda a proteger la clave. Por eso son cinco palabras al azar y no unos números.
code-other = Quiero otras palabras
code-kept = Ya las anoté
code-again-title = Escribe tu clave
code-again-how = Las cinco palabras, en orden. Así sabes que las tienes bien.
code-again-field = Tus cinco palabras
code-again-help = Da igual si llevan mayúsculas.
code-again-wrong = No son las mismas palabras. Revísalas, o regresa para verlas otra vez.
how-much-title = ¿Cuánto lugar?
how-much-why = El lugar se aparta desde ahora, completo. Así nadie sabe por el tamaño cuánto has guardado.
how-much-minutes = { $minutes ->
    [one] cerca de un minuto de video
   *[other] cerca de { $minutes } minutos de video
}
how-much-later = Después puedes dar más lugar. Menos, no.
how-much-do = Apartar el lugar
making-title = Preparando
making-what = Se está apartando el lugar y cerrándolo con tu clave. Puede tardar un minuto.
making-failed-title = No se pudo preparar
making-failed-next = No quedó nada a medias. Puedes empezar de nuevo.

# Abrir
unlock-title = Notas
unlock-code = Tu clave
unlock-help = Da igual si lleva mayúsculas.
unlock-open = Abrir

# Clave nueva
new-code-title = Clave nueva
new-code-done = La clave cambió. La de antes ya no abre.
new-code-backup = Un respaldo de antes se abre con sus propias palabras, como siempre.

# Inicio
home-title = Notas
home-log = Registrar lo que pasó
home-lock = Cerrar con clave

# Problemas en pantalla
screen-no-vault = Todavía no hay nada guardado aquí.
screen-damaged = La clave es correcta, pero una parte no se puede leer: el archivo está dañado. No lo borres. Con un respaldo se puede recuperar en otra carpeta.
screen-content-damaged = El contenido de esta pieza está dañado y no se lee completo. Lo demás está.
screen-no-space = Ya no cabe. Lo que ya estaba guardado sigue completo. Da más lugar o borra lo que ya entregaste, y vuelve a intentarlo.
screen-not-found = Eso ya no está aquí. Puede que se haya borrado.
screen-not-understood = No se entiende { $what ->
    [pairing] ese código. Pide que te lo muestren otra vez completo.
    [own-pairing] ese código: es el tuyo. Lee el de la otra persona.
    [capability] el permiso de envío. Cópialo completo; empieza con amatecap1
    [recipient] la llave age. Empieza con age1
    [meeting] el número de encuentro: son 8 cifras.
    [relay] la dirección del relevo. Empieza con https://
   *[other] lo que escribiste. Revísalo.
}
screen-no-backup-of-damaged = Una parte de los registros no se lee, y un respaldo sin esa parte engañaría. No se hizo.
screen-backup-too-large = Lo que trae el respaldo no cabe en el lugar que elegiste. No se creó nada.
screen-no-smaller = El lugar sólo puede crecer. No se cambió nada.
screen-unfinished = Se detuvo antes de terminar. Lo hecho queda hecho y nada se perdió.
screen-too-much = Son demasiadas piezas para un solo envío. Elige menos. No se perdió nada.
screen-classic-recipient = Esa llave age es de las clásicas: una computadora cuántica podría abrir el archivo en el futuro.
screen-not-confirmed = No se cambió nada.
capture-cut = Se cortó una foto o un archivo que estabas agregando. No quedó guardado: agrégalo otra vez.
screen-still-waiting = Esta pieza todavía espera salir. No se borró nada.
screen-cannot-open = No se abrió. Revisa la clave y vuelve a intentarlo. Nada se borró.
screen-records-nearly = Los registros están casi llenos ({ $percent } %). Todavía cabe más, y todo lo guardado está completo.
screen-records-full = Los registros están llenos (quedan { $free }): puede que lo nuevo ya no quepa. Todo lo guardado está completo. Borra piezas que ya entregaste.
screen-media-nearly = El lugar para fotos, videos y archivos está casi lleno ({ $percent } %). Todavía cabe más, y todo lo guardado está completo.
screen-media-full = El lugar para fotos, videos y archivos está lleno (quedan { $free }): puede que lo nuevo ya no quepa. Todo lo guardado está completo. Borra piezas que ya entregaste.

# Tiempos y nombres
when-today = hoy { $time }
when-yesterday = ayer { $time }
when-date = { $day } de { $month ->
    [1] enero
    [2] febrero
    [3] marzo
    [4] abril
    [5] mayo
    [6] junio
    [7] julio
    [8] agosto
    [9] septiembre
    [10] octubre
    [11] noviembre
   *[12] diciembre
} de { $year }, { $time }
verified = verificado con su código
not-verified = sin verificar
blocked = con bloqueo
chosen = elegido
chip-unknown = No sé
chip-unsafe = No es seguro
chip-rather-not = Prefiero no
chip-later = Después

# Inicio
home-draft = Sin terminar
home-kept = Lo guardado
home-kept-count = { $cases ->
    [one] 1 registro
   *[other] { $cases } registros
} · { $items ->
    [one] 1 pieza
   *[other] { $items } piezas
}
home-people = Personas
home-people-count = { $count ->
    [one] 1 contacto
   *[other] { $count } contactos
} · { $verified ->
    [one] 1 con verificación
   *[other] { $verified } con verificación
}
home-inbox = Lo que llegó
home-inbox-count = { $count ->
    [0] Nada nuevo
    [one] 1 sin abrir
   *[other] { $count } sin abrir
}
home-waiting = { $count ->
    [one] 1 envío en espera
   *[other] { $count } envíos en espera
}
home-sent = Envíos
home-sent-none = Nada todavía
home-sent-look = Hasta dónde llegó cada uno
home-answer = Te respondieron
home-answer-count = { $count ->
    [one] 1 mensaje sin leer
   *[other] { $count } mensajes sin leer
}
home-settings = Ajustes

# Registrar
log-title = Lo que pasó
log-story = Cuéntalo con tus palabras
log-story-help = Basta una frase. Se guarda mientras escribes.
log-saved = Guardado. Puedes salir cuando quieras.
log-when = ¿Cuándo?
log-day = ¿Qué día?
log-where = ¿Dónde?
log-place = Lugar
log-place-hint = Municipio, colonia o como tú le digas
log-place-help = Sólo tan exacto como tú quieras.
log-evidence = Pruebas
log-done = Listo
log-throw = Descartar lo escrito
when-chip-today = Hoy
when-chip-yesterday = Ayer
when-chip-other = Otro día
where-chip-said = Decir el lugar
throw-title = ¿Descartar?
throw-what = Lo que escribiste y no terminaste se borra.
throw-pieces = { $count ->
    [0] No hay fotos ni grabaciones de este registro.
    [one] La pieza que tomaste se queda en «Lo guardado».
   *[other] Las { $count } piezas que tomaste se quedan en «Lo guardado».
}
throw-do = Descartar
throw-gone = No se puede deshacer
throw-keep = Conservar

# Cámara y grabadora
way-photo = Foto
way-video = Video
way-voice = Voz
way-file = Archivo
camera-photo = Foto
camera-video = Video
camera-voice = Voz
camera-take = Tomar la foto
camera-start = Grabar
camera-stop = Terminar
camera-cancel = Dejarlo
camera-other = Otra cámara
camera-sealing = Se cierra mientras graba
camera-sealed = Se guarda cerrada
camera-file = Elegir un archivo

# Lo guardado
cases-title = Lo guardado
cases-none = Todavía no hay nada. Lo que registres aparece aquí.
cases-search = Buscar
cases-search-help = Busca en lo que escribiste, con o sin acentos.
cases-look = Buscar
cases-not-found = No encontré nada con estas palabras: { $words }. Prueba con menos.
cases-part = Puede faltar algo: no hubo lugar para buscar en todo. Nada se perdió.
case-nameless = Sin nombre
case-pieces = { $count ->
    [one] 1 pieza
   *[other] { $count } piezas
}
case-just-saved = Guardado y cerrado en este aparato. Nada ha salido.
case-facts = Lo que se dijo
case-sent = A quién se envió
case-add = Agregar
case-proof = Qué se puede probar
case-proof-what = y qué no
case-records = Relatos, como piezas
case-send = Enviar
fact-when = Cuándo
fact-where = Dónde
piece-cut = cortada: vale hasta su última parte
piece-recording = grabando
item-cut = La grabación se cortó. Vale completa hasta su última parte.
item-recording = Se está grabando. Cada parte ya está guardada.
item-facts = De esta pieza
item-save = Sacar una copia
item-save-warning = La copia sale en claro: quien la tenga puede verla. Puede quedar un rastro en este aparato.
item-save-do = Sacar la copia
item-save-clear = Sale sin cerrar
item-delete = Borrar esta pieza
fact-origin = Qué es
fact-kept = Guardada
fact-size = Tamaño
fact-sha256 = Huella SHA-256
origin-capture = toma hecha dentro de la app
origin-import = archivo que ya existía
origin-live = grabación en vivo
origin-record = relato escrito
origin-redaction = copia con partes retiradas
delete-title = ¿Borrar esta pieza?
screen-delete-waiting = Todavía espera salir. Si la borras, esos envíos se retiran enteros, con sus demás piezas.
delete-do = Borrar
delete-for-good = Para siempre
delete-keep = Conservar
delete-gone = La pieza se borró.

# Enviar
recipients-title = ¿A quién?
recipients-how = Toca a quien quieras enviarlo. Nadie viene elegido.
recipients-none = Todavía no hay nadie a quien enviar.
recipients-none-how = Primero suma a una persona u organización de tu confianza.
recipients-nobody = Elige al menos a una persona u organización.
before-title = Antes de enviar
before-leaves = Esto va a salir
before-always = Siempre va también: a qué hora se guardó según este aparato, y la firma de tu identidad.
before-unverified = No sabes con certeza quién es. Verifica antes con su código o con palabras.
before-consent = Quienes aparecen, ¿están de acuerdo?
consent-only-me = Sólo aparezco yo
consent-agree = Sí, de acuerdo
consent-not-all = No, o falta alguien
before-harm-think = Piensa un momento: ¿a alguien le puede hacer daño que esto salga?
before-harm = ¿Puede hacer daño?
harm-no = No, lo pensé
harm-unsure = Sí, o no sé
before-wait = Puedes quitar piezas arriba, o esperar y hablarlo. Si aun así quieres enviarlo, puedes.
before-answer = Faltan las dos respuestas de abajo. No hay respuesta mala.
before-queue = Poner en la fila
goes-author = Tu nombre o seudónimo
goes-author-what = Como lo pusiste
goes-names = Nombres de los archivos
goes-names-what = Como se llamaban antes de guardarlos
goes-metadata = Datos que puso la cámara
goes-metadata-what = Aparato, ajustes, a veces el lugar exacto
sent-title = Envíos
sent-none = Todavía no has enviado nada.
sent-waiting = Lo que espera sale solo, cuando haya señal. No hace falta hacer nada.
sent-now = Intentar ahora
sent-stale = { $name }: sus llaves publicadas son viejas. Pídele que abra su app y se conecte.
state-waiting = en espera
state-left = salió, falta una parte
state-at-relay = en el relevo
state-opened = lo abrió una persona
state-not-queued = no está en la fila; escríbelo otra vez
line-title = Enviado a { $name }
line-states = Hasta dónde llegó
line-saved = En la fila
line-left = Salió de este aparato
line-left-some = { $count ->
    [one] falta 1 parte
   *[other] faltan { $count } partes
}
line-at-relay = Llegó al relevo
line-opened = Lo abrió una persona
line-opened-signed = hay una firma suya
line-nobody-yet = todavía nadie
line-proved = Ya se puede probar que existía antes de esto: { $time }, según el reloj del relevo.
line-waits = Mientras no haya recibo del relevo, no decimos que llegó.
line-blocked = Este contacto está con bloqueo: nada más sale hacia allá.
line-answer = Escribirle sobre esto
proof-title = Qué está probado
proof-checking = Revisando firmas, huellas y recibos…
proof-how = Esto se acaba de revisar, igual que lo haría cualquiera con el archivo exportado.
proof-holds = Lo que sí
proof-limits = Lo que no demuestra

# Personas
people-title = Personas
people-none = Aquí van las personas y organizaciones de tu confianza.
people-add = Sumar a alguien
people-relays = Relevos
person-verified = Verificado: comprobaste su código o sus palabras.
person-not-verified = Sin verificar: no sabes con certeza quién es.
person-name = Cómo le llamas tú
person-name-help = Sólo se ve aquí.
person-facts = Su identidad
person-identity = Número de identidad
person-block = Bloquear
person-block-what = Nada suyo se recibe ni se le envía
person-blocked = Con bloqueo: nada suyo se recibe ni se le envía.
person-unblock = Quitar el bloqueo
add-title = Sumar a alguien
add-own = Tu código
add-own-how = Que la otra persona lea este código con su aparato. Después lee tú el suyo.
add-making = Preparando tu código…
add-copy = Copiar como texto
add-no-relay = Lee primero el código de la otra persona u organización: trae el relevo por donde se envía.
add-no-relay-desk = Para que te puedan enviar, primero agrega un relevo.
add-relay = Agregar un relevo
add-far = ¿Están lejos?
add-far-how = En una llamada leen las mismas palabras en voz alta.
add-words = Con palabras
add-paste = Pegar su código
add-scan = Leer su código
scan-title = Leer su código
scan-hold = Apunta al código de la otra pantalla
scan-nothing-kept = Ninguna imagen se guarda
scan-paste = Pegar el texto
scan-read = Código leído.
scan-text = El texto del código
scan-text-help = Empieza con AMATE1:
scan-name = ¿Cómo le llamas tú?
scan-name-help = Sólo se ve aquí.
scan-no-name = Falta cómo le llamas tú. Sólo se ve aquí.
scan-add = Sumar
scan-asking = Preguntando al relevo…
paired-title = Verificado
paired-done = { $name }: verificado. Ya puedes enviarle.
paired-both = Para que la otra persona sepa también quién eres, muéstrale tu código.
paired-show = Mostrar mi código
by-words-title = Con palabras
by-words-how = Hagan una llamada. Una persona empieza y lee un número de 8 cifras; la otra lo escribe.
by-words-begin = Yo empiezo
by-words-join-card = ¿La otra persona ya empezó?
by-words-their = El número que te leyó
by-words-join = Unirme
by-words-call = Reconocer la voz es parte de la seguridad.
by-words-number = Lee este número en voz alta:
by-words-number-is = Número de encuentro
by-words-waiting = Esperando a la otra persona…
by-words-read = Lean estas palabras en voz alta, por turnos. ¿Son exactamente las mismas?
by-words-words = Las palabras
by-words-why = Si una sola palabra es distinta, alguien puede estar en medio.
by-words-same = Suena igual
by-words-other = Es distinto
by-words-refused = No se sumó a nadie. Si las palabras no eran las mismas, usa otra vía.
by-words-again = Empezar otra vez
relays-title = Relevos
relays-what = Un relevo es un servidor que lleva bloques cerrados. No puede leer nada.
relays-may = con permiso de envío
relays-may-not = sólo para recoger
relays-url = Dirección
relays-url-hint = https://relevo.example
relays-capability = Permiso de envío
relays-capability-help = Empieza con amatecap1. Sin él sólo se recoge.
relays-add = Agregar
relays-added = Relevo agregado: { $url }

# Lo que llegó
inbox-title = Entrada
inbox-empty = Todavía no ha llegado nada. Lo que te envíen aparece aquí solo.
inbox-now = Buscar ahora
arrival-announced = llegó el aviso; falta traer lo demás
arrival-arrived = completo, sin abrir
arrival-opened = abierto
arrival-newer = necesita una versión más nueva; se guardó
arrival-refused = no coincide con sus firmas; no se dio por bueno
arrival-expired = no llegó completo a tiempo; pide que lo envíen otra vez
arrival-deleted = borraste todas sus piezas sin abrirlo
badge-signed = firma válida
badge-message = mensaje nuevo
badge-responsible = a cargo: { $name }
report-title = Reporte de { $name }
report-came = Llegó { $time }
report-verified = De alguien que verificaste.
report-not-verified = La firma es válida, pero no sabes con certeza de quién es.
report-name = ¿Quién crees que es?
report-name-help = Un nombre para reconocerlo aquí. No lo verifica.
report-pieces = Aquí están { $here } de { $listed ->
    [one] { $listed } pieza
   *[other] { $listed } piezas
} del caso.
report-missing = Faltan las piezas { $numbers }: quien envió no las mandó, vienen en camino, o se borraron aquí.
report-nobody = Nadie está a cargo todavía.
report-somebody = A cargo: { $name }
report-assign = Quién está a cargo
report-responsible = Persona a cargo
report-responsible-help = Sólo se ve en esta mesa.
report-proof = Qué está probado
report-export = Exportar
report-answer = Responder
answer-title = Escribir a { $name }
answer-text = Mensaje
answer-help = Va cerrado de extremo a extremo. Se guarda mientras escribes.
answer-not-verified = Sin verificar: no sabes con certeza quién lo va a leer.
answer-send = Enviar
conversation = Mensajes
export-title = Exportar
export-what = Sale un archivo que cualquiera puede verificar sin esta app.
export-holds = Lleva { $count ->
    [one] 1 pieza
   *[other] { $count } piezas
}, con firmas, custodia y recibos. Los datos sobre quien documentó no van.
export-clear = El archivo sale en claro: quien lo tenga puede leerlo.
export-do = Exportar
export-do-what = Sale sin cerrar

# Mesa
desk-no-relay = Para recibir hace falta un relevo. Pide la dirección y el permiso a quien lo opera.
desk-empty = Todavía no ha llegado nada.
desk-empty-how = Muestra tu código a quien te va a escribir: con él puede enviarte.
desk-choose = Elige un reporte de la lista.

# Ajustes
settings-title = Ajustes
settings-code = Cambiar la clave
settings-code-what = La de antes deja de abrir
settings-relays-what = Por dónde sale y llega
settings-software = Aquí la llave del aparato está junto a lo guardado. Quien copie esta carpeta puede probar claves en otra parte: por eso son cinco palabras.
settings-software-desk = La llave de esta computadora está junto a lo guardado. Cuida quién puede copiar esta carpeta.
room-records = Registros
room-media = Fotos, videos y archivos
room-used = { $used } de { $total }

# Segunda puerta -----------------------------------------------------------------------------
door-title = Segunda puerta
settings-door-what = Otra clave, por si te obligan a dar una
door-what = Si alguien te obliga a dar tu clave, puedes dar otra. Abre un lugar aparte, que se usa igual y tiene lo que tú hayas puesto ahí.
door-used = Los archivos son los mismos, del mismo tamaño. Nada ahí dice si hay una segunda puerta.
door-used-screen = Las pantallas y los archivos son los mismos, del mismo tamaño. Quien mira o usa el aparato no ve si hay una segunda puerta.
door-limits = De qué no te protege
door-limit-person = De quien ya vio lo que guardas en la primera, o sabe que la tienes.
door-limit-phone = De lo que el aparato anota por su cuenta: cuándo se usó esta aplicación, la cámara o la red.
door-limit-late = De quien copió estos archivos antes de que la pusieras: puede notar que es nueva. Ponla pronto.
door-limit-much = De lo que ocupan las fotos y los videos grandes: quien compare dos copias de estos archivos, o vea que después se renuevan, puede notar que se guardaron.
door-limit-software = Aquí las llaves del aparato están junto a los archivos: quien tenga dos copias de la carpeta puede notar siempre que hay algo más.
door-limit-inside = Quien esté en la segunda y ponga ahí otra puerta toma el lugar de la primera, sin saberlo. Lo de la primera se pierde.
door-limit-empty = Si está vacía, o sólo se usa cuando te obligan, no se cree.
door-set = Poner una segunda puerta
door-there = Hay una segunda puerta.
door-damaged = Lo que hay detrás de la segunda puerta no se pudo abrir esta vez. Cierra y entra otra vez. Si sigue así, quítala y pon otra.
door-code = Cambiar su clave
door-code-what = La de antes deja de abrirla
door-opens = Sólo abre la segunda
door-opens-what = La primera queda como está, y se abre con su clave de siempre.
door-overwrites = También cierra la primera para siempre
door-overwrites-what = Al dar esa clave, la de la primera ya no abre nada. Sólo un respaldo, o una copia anterior de estos archivos, lo abre todavía.
door-overwrites-warning = Ten un respaldo de la primera fuera de este aparato, o que lo importante ya haya llegado a quien confías. Antes de usarse, quien tenga esa clave y pueda meter un programa en este aparato puede saber qué hace.
door-closes-now = Si alguien da esa clave, también tú, la primera se cierra para siempre.
door-fill-first = Para entrar a poner cosas ahí sin perder la primera, elige antes que sólo abra la segunda.
door-how-title = ¿Qué hace la otra clave?
door-how-later = Después puedes cambiarlo.
door-words-title = La clave de la segunda puerta
door-words-open = Con estas cinco palabras se abre la segunda puerta.
door-words-learn = Apréndelas. Si las anotas, que no sea junto a las de la primera.
door-ready-title = La segunda puerta está puesta
door-ready-what = Ahora cierra, entra con esas palabras y pon ahí cosas comunes. Lo que escribas ahí se queda.
door-ideas = Ideas para llenarla
door-idea-list = Una lista de compras o de pendientes.
door-idea-meeting = Los acuerdos de una reunión de la escuela o del barrio.
door-idea-money = Los gastos de la semana, o una receta.
door-idea-photo = Fotos de comida, de plantas o de un paisaje.
door-own-words = Con tus palabras y en días distintos. Vuelve a entrar de vez en cuando.
door-later = Después
door-enter = Cerrar, para entrar ahí
door-remove = Quitar la segunda puerta
door-remove-what = Lo que hay detrás se borra para siempre
door-removed = La segunda puerta se quitó. Su clave ya no abre nada.
door-offer-title = ¿Una segunda clave?
door-offer-later = Puedes ponerla ahora o después, en Ajustes.
door-offer-see = Ver cómo funciona
door-offer-not = Ahora no
more-room-title = Dar más lugar
more-room-what = Para fotos, videos y archivos
more-room-why = El lugar se aparta desde ahora, completo, y se queda así.
more-room-by = { $more } más
more-room-then = En total { $total }
more-room-never-less = Después puedes dar más. Menos, no.
more-room-do = Apartar el lugar

# Llaves nuevas -------------------------------------------------------------------------------
new-keys-title = Si estuvo en otras manos
new-keys-what = Renovar las llaves de los archivos
new-keys-is-due = Falta renovar las llaves: guardaste algo grande
new-keys-why = Quien tuvo este aparato pudo copiar los archivos. Con otra copia, más adelante, puede comparar en qué partes se escribió. Si renuevas las llaves, todo cambia por igual y la comparación ya no lo dice.
new-keys-not = Hazlo antes de escribir algo más. Tu clave sigue siendo la misma y nada se borra. Lo que dos copias ya muestran, no lo quita.
new-keys-software = Ojo: aquí la llave del aparato está junto a los archivos. Por eso renovar no impide comparar con una copia de antes.
new-keys-due = Guardaste fotos, videos o archivos más grandes de lo que una sesión disimula. Conviene renovar.
new-keys-do = Renovar las llaves
new-keys-going = Renovando las llaves
new-keys-done-of = { $percent } %
new-keys-meanwhile = Puedes seguir usando la app, y también cerrarla. Si se corta, sigue la próxima vez que entres.
new-keys-done = Listo. Todo tiene llaves nuevas.
