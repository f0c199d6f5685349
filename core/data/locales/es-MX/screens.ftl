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
code-changed-title = Clave nueva
code-changed = La clave cambió. La de antes ya no abre.
code-changed-backup = Un respaldo de antes se abre con sus propias palabras, como siempre.

# Inicio
home-title = Notas
home-log = Registrar lo que pasó
home-lock = Cerrar con clave

# Problemas en pantalla
problem-locked = Se cerró con clave. Lo guardado está guardado.
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
screen-no-backup-of-damaged = Una parte no se lee, y un respaldo a medias engañaría. No se hizo.
screen-backup-too-large = Lo que trae el respaldo no cabe en el lugar que elegiste. No se creó nada.
screen-no-smaller = El lugar sólo puede crecer. No se cambió nada.
screen-unfinished = Se detuvo antes de terminar. Lo hecho queda hecho y nada se perdió.
screen-too-much = Son demasiadas piezas para un solo envío. Elige menos. No se perdió nada.
screen-classic-recipient = Esa llave age es de las clásicas: una computadora cuántica podría abrir el archivo en el futuro.
screen-not-confirmed = No se cambió nada.
screen-still-waiting = Esta pieza todavía espera salir. No se borró nada.
