# Computes the numbers of the TRuE-AD posters from the exported datasets: Rscript posters.R FOLDER posters.csv
# FOLDER has adsl.xpt, adeff.xpt and adae.xpt of an exact study. The exit code is 1 if a number differs from the table.
library(haven)

arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) != 2) stop("use: Rscript posters.R FOLDER posters.csv")
folder <- arguments[1]
table <- read.csv(arguments[2], colClasses = "character", na.strings = character(0))

adsl <- as.data.frame(read_xpt(file.path(folder, "adsl.xpt")))
adae <- as.data.frame(read_xpt(file.path(folder, "adae.xpt")))
adeff <- as.data.frame(read_xpt(file.path(folder, "adeff.xpt"), col_select = c(
  "USUBJID", "PARAMCD", "AVISITN", "AVAL", "APERIOD", "ANL01FL", "ANL02FL", "ANL04FL", "DTYPE", "SHIFT1", "TRT01P", "TRTP", "EEFL", "W8IGAFL",
  "NIGATSFL", "SEVADFL", "LTSEVFL"
)))

arms <- c(vehicle = "Vehicle Cream BID", low = "Ruxolitinib 0.75% Cream BID", high = "Ruxolitinib 1.5% Cream BID")
strengths <- arms[c("low", "high")]
flags <- c(low = "RX075FL", high = "RX15FL")
found <- list()

yes <- function(x) !is.na(x) & x == "Y"
is <- function(x, value) !is.na(x) & x == value
by_arm <- function(records, variable = "TRT01P") {
  counts <- sapply(arms, function(arm) sum(is(records[[variable]], arm)))
  c(counts, total = sum(counts))
}
line <- function(name, values) found[[name]] <<- values

# Populations: flags of ADSL
line("Randomised", by_arm(adsl[yes(adsl$ITTFL), ]))
line("Safety population", by_arm(adsl[yes(adsl$SAFFL), ], "TRT01A"))
line("Efficacy evaluable", by_arm(adsl[yes(adsl$EEFL), ]))
line("Excluded from efficacy", by_arm(adsl[yes(adsl$ITTFL) & is(adsl$EEFL, "N"), ]))
for (study in c("SYNAD1", "SYNAD2")) {
  line(paste("Randomised in", study), by_arm(adsl[yes(adsl$ITTFL) & adsl$STUDYID == study, ]))
  line(paste("Efficacy evaluable in", study), by_arm(adsl[yes(adsl$EEFL) & adsl$STUDYID == study, ]))
}
line("Week 8 IGA observed", by_arm(adsl[yes(adsl$W8IGAFL), ]))
line("Week 8 IGA missing", by_arm(adsl[yes(adsl$EEFL) & is(adsl$W8IGAFL, "N"), ]))
line("Any strength in any period", sapply(flags, function(flag) sum(yes(adsl[[flag]]))))
lts <- adsl[yes(adsl$LTSSAFFL), ]
line("LTS safety population", by_arm(lts, "TRT02A"))
line("LTS safety population from Day 1 on the strength", by_arm(lts[lts$TRT01A == lts$TRT02A, ], "TRT02A"))
line("LTS safety population from vehicle", by_arm(lts[is(lts$TRT01A, arms["vehicle"]), ], "TRT02A"))
line("LTS disease control from Day 1 on the strength", by_arm(adsl[yes(adsl$LTSEVFL) & adsl$TRT01P == adsl$TRT02P, ], "TRT02P"))

# Week 8: responses of ADEFF
at <- adeff[is(adeff$AVISITN, 8), ]
responses <- function(name, code, chosen) {
  rows <- at[at$PARAMCD == code & chosen, ]
  numerators <- by_arm(rows[is(rows$AVAL, 1), ])
  line(name, numerators)
  line(paste(name, "%"), 100 * numerators / by_arm(rows))
}
primary <- yes(at$EEFL) & yes(at$ANL02FL)
observed <- yes(at$W8IGAFL) & yes(at$ANL02FL)
partial <- yes(at$ANL04FL)
responses("IGA-TS at Week 8", "IGATS", primary)
responses("IGA 0/1 at Week 8", "IGA01", primary)
for (study in c("SYNAD1", "SYNAD2")) responses(paste("IGA-TS at Week 8 in", study), "IGATS", primary & startsWith(at$USUBJID, study))
line("Not IGA-TS at Week 8", by_arm(adsl[yes(adsl$NIGATSFL), ]))
responses("Not IGA-TS: IGA 0/1", "IGA01", primary & yes(at$NIGATSFL))
line("Not IGA-TS: IGA 3 to 2", by_arm(at[at$PARAMCD == "IGA" & yes(at$ANL01FL) & yes(at$NIGATSFL) & is(at$SHIFT1, "3 to 2"), ]))
responses("Not IGA-TS: IGA 1-point reduction", "IGA1PT", partial)
responses("Not IGA-TS: composite", "CPR", partial)
responses("Not IGA-TS: composite incl. IGA", "CPRIGA", partial)
responses("Observed: IGA 1-point reduction", "IGA1PT", observed)
responses("Observed: IGA-TS or composite", "TSCPR", observed)
responses("Observed: IGA-TS or composite incl. IGA", "TSCPRIGA", observed)
line("The same counts of the efficacy evaluable %", 100 * found[["Observed: IGA-TS or composite"]] / found[["Efficacy evaluable"]])

# Table 1: baseline of subjects without IGA-TS, and of all efficacy evaluable subjects
failed <- adsl[yes(adsl$NIGATSFL), ]
columns <- c(lapply(arms, function(arm) failed[is(failed$TRT01P, arm), ]), list(total = failed, overall = adsl[yes(adsl$EEFL), ]))
each <- function(name, value) line(paste("Table 1:", name), sapply(columns, value))
counted <- function(name, variable, value) each(name, function(part) sum(is(part[[variable]], value)))
each("n", nrow)
statistics <- list(median = median, lowest = min, highest = max)
for (name in names(statistics)) {
  each(paste("age", name), function(part) statistics[[name]](part$AAGE, na.rm = TRUE))
  each(paste("duration", name), function(part) statistics[[name]](part$ADDURY, na.rm = TRUE))
}
counted("female", "SEX", "F")
for (race in c("White", "Black", "Asian")) counted(race, "RACEGR1", race)
counted("other race", "RACEGR1", "Other")
for (region in c("North America", "Europe")) counted(region, "REGION1", region)
for (grade in 2:3) counted(paste("IGA", grade), "IGABL", grade)
counted("itch NRS >=2", "NRS2BLFL", "Y")
counted("itch NRS >=4", "NRS4BLFL", "Y")
line("Table 1: itch NRS >=2 %", 100 * found[["Table 1: itch NRS >=2"]] / found[["Table 1: n"]])
counted("facial involvement", "FACEBLFL", "Y")
means <- c(BSA = "BSABL", EASI = "EASIBL", "itch NRS" = "NRSBL", flares = "FLARE12N")
for (name in names(means)) {
  each(paste(name, "mean"), function(part) mean(part[[means[name]]], na.rm = TRUE))
  each(paste(name, "SD"), function(part) sd(part[[means[name]]], na.rm = TRUE))
}

# More severe disease: long-term control by visit, adverse events in any period
severe <- function(name, values) line(paste("More severe:", name), values)
who <- adsl[yes(adsl$SEVADFL), ]
severe("applied the strength", sapply(flags, function(flag) sum(yes(who[[flag]]))))
severe("LTS disease control", sapply(strengths, function(strength) sum(yes(who$LTSEVFL) & is(who$TRT02P, strength))))
later <- adeff[yes(adeff$SEVADFL) & yes(adeff$LTSEVFL) & is(adeff$APERIOD, 2) & yes(adeff$ANL01FL) & adeff$DTYPE == "" &
  !is.na(adeff$AVISITN) & adeff$AVISITN >= 12 & adeff$AVISITN <= 52, ]
visits <- lapply(strengths, function(strength) {
  rows <- later[later$PARAMCD == "IGA01" & later$TRTP == strength, ]
  shares <- aggregate(cbind(n = rows$AVAL, N = 1), list(week = rows$AVISITN), sum)
  shares$share <- 100 * shares$n / shares$N
  shares[order(shares$share), ]
})
for (which in c("lowest", "highest")) {
  rows <- lapply(visits, if (which == "lowest") function(v) v[1, ] else function(v) v[nrow(v), ])
  severe(paste("IGA 0/1", which, "n"), sapply(rows, function(row) row$n))
  severe(paste("IGA 0/1", which, "N"), sapply(rows, function(row) row$N))
  severe(paste("IGA 0/1", which, "%"), sapply(rows, function(row) row$share))
}
bsa <- lapply(strengths, function(strength) {
  rows <- later[later$PARAMCD == "BSA" & later$TRTP == strength, ]
  tapply(rows$AVAL, rows$AVISITN, mean)
})
severe("BSA lowest mean", sapply(bsa, min))
severe("BSA highest mean", sapply(bsa, max))

events <- adae[yes(adae$SEVADFL), ]
subjects <- function(name, mark) {
  severe(name, sapply(strengths, function(strength) length(unique(events$USUBJID[mark & is(events$TRTA, strength)]))))
}
emergent <- yes(events$TRTEMFL)
subjects("any TEAE", yes(events$AOCC01FL))
subjects("application site reaction in LTS", events$CQ01NAM != "" & yes(events$TREM02FL) & yes(events$AOCC05FL))
subjects("related", yes(events$AOCC04FL))
subjects("related and serious", emergent & is(events$AREL, "RELATED") & yes(events$AESER))
subjects("drug withdrawn for an event", emergent & yes(events$AEDISCFL))
for (name in c("any TEAE", "related")) {
  severe(paste(name, "%"), 100 * found[[paste("More severe:", name)]] / found[["More severe: applied the strength"]])
}
severe("study discontinued for an event", sapply(flags, function(flag) sum(yes(who[[flag]]) & is(who$DCSREAS, "ADVERSE EVENT"))))

# Compares each number with the table, at its printed precision
wrong <- 0
for (i in seq_len(nrow(table))) {
  for (column in names(table)[-1]) {
    printed <- table[i, column]
    if (printed == "") next
    value <- found[[table$line[i]]][column]
    decimals <- if (grepl(".", printed, fixed = TRUE)) nchar(sub("^.*[.]", "", printed)) else 0
    half <- if (decimals > 0) 0.5 * 10^-decimals else 0
    right <- length(value) == 1 && !is.na(value) && abs(value - as.numeric(printed)) <= half + 1e-9
    if (!right) wrong <- wrong + 1
    cat(sprintf("%-52s %-8s %12.4f %8s %s\n", table$line[i], column, as.numeric(value), printed, if (right) "ok" else "DIFFERENT"))
  }
}
cat(if (wrong == 0) "Every number is the one of the table.\n" else sprintf("%d numbers are not those of the table.\n", wrong))
quit(status = if (wrong == 0) 0 else 1)
