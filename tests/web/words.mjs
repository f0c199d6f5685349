// SPDX-License-Identifier: MPL-2.0
// What the walks look for on the screens, in each language.

/** Ways to go a walk: in both languages, by day and by night, with a script and without. */
export const WAYS = [
  { language: "es-MX", dark: false, script: true, how: "es-MX-light" },
  { language: "en", dark: true, script: true, how: "en-dark" },
  { language: "es-MX", dark: false, script: false, how: "es-MX-light-no-script" },
];

export const WORDS = {
  "es-MX": {
    proved: "Ya se puede probar", answered: "Te respondieron", added: "Relevo agregado", saved: "Guardado",
    kind: "Nada se borró", missing: "Faltan las dos respuestas", responsible: "A cargo: Elena",
    verified: "De alguien que verificaste", unverified: "no sabes con certeza",
    story: "Llegaron dos camionetas sin placas a la asamblea y tomaron fotos.",
    answer: "Ya lo recibimos. ¿Estás a salvo?", thanks: "Sí, en casa de mi prima.",
    ordinary: "Comprar frijol, jabón y cuadernos para el lunes.", door: "Hay una segunda puerta",
    noDoor: "Poner una segunda puerta", closes: "También cierra la primera para siempre", renewed: "Todo tiene llaves nuevas", wait: "Espera",
    asked: "¿Necesitas traslado hoy?", needed: "Hoy no. Mañana temprano sí.",
  },
  en: {
    proved: "It can be proved", answered: "You have an answer", added: "Relay added", saved: "Saved",
    kind: "Nothing was deleted", missing: "The two answers below", responsible: "In charge: Elena",
    verified: "From somebody whom you verified", unverified: "you do not know for sure",
    story: "Two vans without plates came to the assembly and took photos.",
    answer: "We have it. Are you safe?", thanks: "Yes, at my cousin's.",
    ordinary: "Buy beans, soap and notebooks for Monday.", door: "There is a second door",
    noDoor: "Set a second door", closes: "Also closes the first for good", renewed: "Everything has new keys", wait: "Wait",
    asked: "Do you need a ride today?", needed: "Not today. Early tomorrow, yes.",
  },
};
