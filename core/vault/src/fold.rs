// SPDX-License-Identifier: MPL-2.0
//! Text as it is searched.

/// Text as it is searched: lower case, without accents, with ’ ' ʼ ꞌ folded to one letter, so that
/// the orthographies of indigenous languages are found however they were typed.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            '’' | '\'' | 'ʼ' | 'ꞌ' | 'Ꞌ' | '‘' | '`' | '´' => Some('ꞌ'),
            'á' | 'à' | 'ä' | 'â' | 'ā' | 'ã' => Some('a'),
            'é' | 'è' | 'ë' | 'ê' | 'ē' => Some('e'),
            'í' | 'ì' | 'ï' | 'î' | 'ī' => Some('i'),
            'ó' | 'ò' | 'ö' | 'ô' | 'ō' | 'õ' => Some('o'),
            'ú' | 'ù' | 'ü' | 'û' | 'ū' => Some('u'),
            'ñ' => Some('n'),
            '\u{300}'..='\u{36f}' => None,
            other => Some(other),
        })
        .collect()
}
