"""Languages that a post can be in: ISO 639-1 and some of ISO 639-3, with their names in English,
which the API gives, and in Dutch, for pages.
"""

_ENGLISH = """
aa Afar|ab Abkhaz|ae Avestan|af Afrikaans|ak Akan|am Amharic|an Aragonese|ar Arabic|as Assamese
av Avaric|ay Aymara|az Azerbaijani|ba Bashkir|be Belarusian|bg Bulgarian|bh Bihari|bi Bislama
bm Bambara|bn Bengali|bo Tibetan|br Breton|bs Bosnian|ca Catalan|ce Chechen|ch Chamorro|co Corsican
cr Cree|cs Czech|cu Old Church Slavonic|cv Chuvash|cy Welsh|da Danish|de German|dv Divehi
dz Dzongkha|ee Ewe|el Greek|en English|eo Esperanto|es Spanish|et Estonian|eu Basque|fa Persian
ff Fula|fi Finnish|fj Fijian|fo Faroese|fr French|fy Western Frisian|ga Irish|gd Scottish Gaelic
gl Galician|gn Guarani|gu Gujarati|gv Manx|ha Hausa|he Hebrew|hi Hindi|ho Hiri Motu|hr Croatian
ht Haitian|hu Hungarian|hy Armenian|hz Herero|ia Interlingua|id Indonesian|ie Interlingue|ig Igbo
ii Nuosu|ik Inupiaq|io Ido|is Icelandic|it Italian|iu Inuktitut|ja Japanese|jv Javanese|ka Georgian
kg Kongo|ki Kikuyu|kj Kwanyama|kk Kazakh|kl Kalaallisut|km Khmer|kn Kannada|ko Korean|kr Kanuri
ks Kashmiri|ku Kurdish|kv Komi|kw Cornish|ky Kyrgyz|la Latin|lb Luxembourgish|lg Ganda|li Limburgish
ln Lingala|lo Lao|lt Lithuanian|lu Luba-Katanga|lv Latvian|mg Malagasy|mh Marshallese|mi Māori
mk Macedonian|ml Malayalam|mn Mongolian|mr Marathi|ms Malay|mt Maltese|my Burmese|na Nauru
nb Norwegian Bokmål|nd Northern Ndebele|ne Nepali|ng Ndonga|nl Dutch|nn Norwegian Nynorsk
no Norwegian|nr Southern Ndebele|nv Navajo|ny Chichewa|oc Occitan|oj Ojibwe|om Oromo|or Oriya
os Ossetian|pa Punjabi|pi Pali|pl Polish|ps Pashto|pt Portuguese|qu Quechua|rm Romansh|rn Kirundi
ro Romanian|ru Russian|rw Kinyarwanda|sa Sanskrit|sc Sardinian|sd Sindhi|se Northern Sami|sg Sango
si Sinhala|sk Slovak|sl Slovenian|sn Shona|so Somali|sq Albanian|sr Serbian|ss Swati
st Southern Sotho|su Sundanese|sv Swedish|sw Swahili|ta Tamil|te Telugu|tg Tajik|th Thai|ti Tigrinya
tk Turkmen|tl Tagalog|tn Tswana|to Tonga|tr Turkish|ts Tsonga|tt Tatar|tw Twi|ty Tahitian|ug Uyghur
uk Ukrainian|ur Urdu|uz Uzbek|ve Venda|vi Vietnamese|vo Volapük|wa Walloon|wo Wolof|xh Xhosa
yi Yiddish|yo Yoruba|za Zhuang|zh Chinese|zu Zulu|pt-BR Portuguese (Brazil)
ast Asturian|chr Cherokee|ckb Sorani Kurdish|cnr Montenegrin|csb Kashubian|gsw Swiss German
jbo Lojban|kab Kabyle|ldn Láadan|lfn Lingua Franca Nova|lzz Laz|moh Mohawk|nds Low German
ota Ottoman Turkish|pdc Pennsylvania Dutch|sco Scots|sma Southern Sami|smj Lule Sami|szl Silesian
tok Toki Pona|vai Vai|xal Kalmyk|xmf Mingrelian|zba Balaibalan|zgh Standard Moroccan Tamazight
nan-TW Hokkien (Taiwan)|zh-YUE Cantonese
pt-PT Portuguese (Portugal)|zh-CN Chinese (China)|zh-HK Chinese (Hong Kong)|zh-TW Chinese (Taiwan)
"""

_DUTCH = """
aa Afar|ab Abchazisch|ae Avestisch|af Afrikaans|ak Akan|am Amhaars|an Aragonees|ar Arabisch
as Assamees|av Avaars|ay Aymara|az Azerbeidzjaans|ba Basjkiers|be Wit-Russisch|bg Bulgaars
bh Bihari|bi Bislama|bm Bambara|bn Bengaals|bo Tibetaans|br Bretons|bs Bosnisch|ca Catalaans
ce Tsjetsjeens|ch Chamorro|co Corsicaans|cr Cree|cs Tsjechisch|cu Oudkerkslavisch|cv Tsjoevasjisch
cy Welsh|da Deens|de Duits|dv Divehi|dz Dzongkha|ee Ewe|el Grieks|en Engels|eo Esperanto|es Spaans
et Estisch|eu Baskisch|fa Perzisch|ff Fula|fi Fins|fj Fijisch|fo Faeröers|fr Frans|fy Fries
ga Iers|gd Schots-Gaelisch|gl Galicisch|gn Guaraní|gu Gujarati|gv Manx|ha Hausa|he Hebreeuws
hi Hindi|ho Hiri Motu|hr Kroatisch|ht Haïtiaans|hu Hongaars|hy Armeens|hz Herero|ia Interlingua
id Indonesisch|ie Interlingue|ig Igbo|ii Nuosu|ik Inupiaq|io Ido|is IJslands|it Italiaans
iu Inuktitut|ja Japans|jv Javaans|ka Georgisch|kg Kongo|ki Gikuyu|kj Kuanyama|kk Kazachs
kl Groenlands|km Khmer|kn Kannada|ko Koreaans|kr Kanuri|ks Kasjmiri|ku Koerdisch|kv Komi
kw Cornisch|ky Kirgizisch|la Latijn|lb Luxemburgs|lg Luganda|li Limburgs|ln Lingala|lo Laotiaans
lt Litouws|lu Luba-Katanga|lv Lets|mg Malagassisch|mh Marshallees|mi Maori|mk Macedonisch
ml Malayalam|mn Mongools|mr Marathi|ms Maleis|mt Maltees|my Birmaans|na Nauruaans|nb Noors - Bokmål
nd Noord-Ndebele|ne Nepalees|ng Ndonga|nl Nederlands|nn Noors - Nynorsk|no Noors|nr Zuid-Ndebele
nv Navajo|ny Chichewa|oc Occitaans|oj Ojibwe|om Oromo|or Odia|os Ossetisch|pa Punjabi|pi Pali
pl Pools|ps Pasjtoe|pt Portugees|qu Quechua|rm Reto-Romaans|rn Kirundi|ro Roemeens|ru Russisch
rw Kinyarwanda|sa Sanskriet|sc Sardijns|sd Sindhi|se Noord-Samisch|sg Sango|si Singalees
sk Slowaaks|sl Sloveens|sn Shona|so Somalisch|sq Albanees|sr Servisch|ss Swazi|st Zuid-Sotho
su Soendanees|sv Zweeds|sw Swahili|ta Tamil|te Telugu|tg Tadzjieks|th Thai|ti Tigrinya|tk Turkmeens
tl Tagalog|tn Tswana|to Tongaans|tr Turks|ts Tsonga|tt Tataars|tw Twi|ty Tahitiaans|ug Oeigoers
uk Oekraïens|ur Urdu|uz Oezbeeks|ve Venda|vi Vietnamees|vo Volapük|wa Waals|wo Wolof|xh Xhosa
yi Jiddisch|yo Yoruba|za Zhuang|zh Chinees|zu Zoeloe|pt-BR Portugees (Brazilië)
ast Asturisch|chr Cherokee|ckb Sorani|cnr Montenegrijns|csb Kasjoebisch|gsw Zwitserduits|jbo Lojban
kab Kabylisch|ldn Láadan|lfn Lingua Franca Nova|lzz Lazisch|moh Mohawk|nds Nedersaksisch
ota Osmaans-Turks|pdc Pennsylvania-Duits|sco Schots|sma Zuid-Samisch|smj Lule-Samisch|szl Silezisch
tok Toki Pona|vai Vai|xal Kalmuks|xmf Mingreels|zba Balaibalan|zgh Standaard Marokkaans Tamazight
nan-TW Hokkien (Taiwan)|zh-YUE Kantonees
pt-PT Portugees (Portugal)|zh-CN Chinees (China)|zh-HK Chinees (Hongkong)|zh-TW Chinees (Taiwan)
"""


def _read(table: str) -> dict[str, str]:
    return {
        code: name
        for line in table.strip().split("\n")
        for code, _, name in (entry.partition(" ") for entry in line.split("|"))
    }


LANGUAGES: dict[str, str] = _read(_ENGLISH)
_IN_DUTCH = _read(_DUTCH)


def names_in(locale: str) -> dict[str, str]:
    """Names of all languages by code in the language of a page, as its readers look them up."""
    names = _IN_DUTCH if locale == "nl" else LANGUAGES
    return dict(sorted(names.items(), key=lambda entry: entry[1].casefold()))
