# SPDX-License-Identifier: MPL-2.0
# Lo que dice una verificación: qué está demostrado y qué no.

export-intact = Íntegro: ningún byte de este archivo cambió desde que se exportó, y todas las firmas corresponden.
export-altered = ALTERADO. Esto no corresponde:
export-altered-file = { $file }: { $why ->
    [archive] cambió la estructura del archivo
    [chain] no continúa lo anterior
    [content] no es el contenido que se firmó
    [countersignature] esta pieza no fue puesta en este caso por quien la hizo
    [crc] cambiaron sus bytes
    [fact] el dato mostrado no es el que se selló
    [fork] quien firmó dejó dos historias distintas
    [hash] no es lo que se exportó
    [json] no tiene la forma debida
    [missing-file] debería estar y no está
    [proof] la prueba del relevo no se sostiene
    [signature] la firma no corresponde
   *[unknown-file] no debería estar
}
export-exporter = Lo exportó la identidad { $identity }. Compara este número con el que te dio esa organización o persona.
export-case = Aquí están { $here } de { $listed ->
    [one] { $listed } pieza
   *[other] { $listed } piezas
} del caso.
export-missing = No están las piezas { $numbers }: quien documentó o quien exportó no las incluyó.
export-item = Pieza { $n }: { $origin ->
    [capture] toma hecha dentro de la app
    [import] archivo que ya existía
    [live] grabación en vivo
    [record] registro escrito
    [redaction] copia con partes retiradas
   *[other] sin descripción válida
}, { $state ->
    [complete] completa
    [interrupted] interrumpida: vale hasta su última parte completa ({ $segments })
   *[altered] alterada
}. Entradas de custodia: { $custody }.
export-not-before = Se firmó después del { $time }, según el reloj del relevo { $origin }.
export-not-after = Ya existía el { $time }, según el reloj del relevo { $origin }.
export-no-clock = Ningún reloj independiente dice desde cuándo existe.
export-facts = Datos mostrados, iguales a los que se sellaron: { $facts }.
fact-author = nombre que eligió quien documentó
fact-boot = arranque del teléfono
fact-case = llave del caso
fact-clock = reloj del teléfono
fact-device = aparato
fact-identity = identidad de quien documentó
fact-metadata = metadatos retirados de la toma
fact-name = nombre original del archivo
fact-network = tipo de red
fact-place = lugar
export-not-shown = Lo que esto NO demuestra:
export-not-shown-happened = que lo relatado o lo que se ve haya ocurrido: una foto de otra foto también pasa esta prueba;
export-not-shown-who = quién tenía el aparato en la mano;
export-not-shown-clock = que el reloj del relevo estuviera bien: sólo que ese relevo lo afirma;
export-not-shown-import = cuándo ni cómo se hicieron los archivos que ya existían: sólo desde cuándo están aquí;
export-not-shown-interrupted = qué pasó después del corte de una grabación interrumpida;
export-not-shown-facts = que los datos mostrados sean ciertos: sólo que no cambiaron desde que se sellaron;
export-not-shown-more = que el caso no tenga más piezas, agregadas después de esta relación.
