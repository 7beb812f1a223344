"""ISO 4217 currencies and their minor units, as the standard's list one of 2026-01-01 has them; pure.

A table of our own: what a stored amount means must not change with a library's data (CLDR gives several
currencies fewer decimals than the standard, and changes its mind). Metals, bond units and test codes, which have no
minor unit, are no currency to sell in. Beside those in force stand some withdrawn since 2014, whose orders may be kept.
"""

_TWO = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY "
    "COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS "
    "INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR "
    "MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP "
    "STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG "
    "ANG BGN CUC HRK LTL MRO SLL STD VEF ZWL"  # withdrawn
)
_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF BYR"  # the last one is withdrawn
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_FOUR = "CLF UYW"

MINOR_DIGITS = {
    code: digits for codes, digits in ((_NONE, 0), (_TWO, 2), (_THREE, 3), (_FOUR, 4)) for code in codes.split()
}
"""Decimals of each currency's amounts, by its code."""
