/* power.h - does what a product says of its voltage and plug go with a country's mains? Pure; the countries
 * are playbook/world/power.json. */
#ifndef REPLYD_POWER_H
#define REPLYD_POWER_H

#include "replyd/arena.h"
#include "replyd/cases.h"

/* Of the mains; 0: the country is not known, NULL, or has several. */
double power_volts(const char *country);

/* "A and B"; NULL: not known. */
const char *power_plugs(const char *country, struct arena *arena);

/* `voltage` as a shop writes it: "220 V", "100-240V ~ 50/60Hz", "110/220V", "5 V USB". Within a tenth of the
 * mains it fits, of another class (about 110, about 230) it does not, between them nothing is said; what runs
 * on USB or batteries fits everywhere. */
enum tristate power_voltage_fits(const char *voltage, const char *country);

/* `plug` as a shop writes it: "EU", "Type C/F", "US 2-pin", "UK plug", "Schuko". */
enum tristate power_plug_fits(const char *plug, const char *country);

#endif
