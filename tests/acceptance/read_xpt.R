# What haven finds in the transport files of a folder, as text: NAME.csv has the values, NAME.header.csv a line for each variable.
# Use: Rscript read_xpt.R FOLDER_OF_XPT FOLDER_TO_WRITE

suppressPackageStartupMessages(library(haven))
folders <- commandArgs(trailingOnly = TRUE)

exact <- function(column) {
  if (is.character(column)) return(ifelse(is.na(column), "<NA>", column))  # haven has "" for blank text, so none is NA
  ifelse(is.na(column), "", sprintf("%.17g", as.numeric(column)))          # days or seconds since 1970 for dates and datetimes
}
said <- function(column, what) if (is.null(attr(column, what, exact = TRUE))) "" else attr(column, what, exact = TRUE)

for (path in list.files(folders[1], pattern = "[.]xpt$", full.names = TRUE)) {
  data <- read_xpt(path)
  name <- sub("[.]xpt$", "", basename(path))
  header <- data.frame(
    name = names(data),
    label = vapply(data, said, "", what = "label"),
    format = vapply(data, said, "", what = "format.sas"),
    class = vapply(data, function(column) class(column)[1], ""),
    zone = vapply(data, said, "", what = "tzone"),
    dataset = said(data, "label")
  )
  write.csv(header, file.path(folders[2], paste0(name, ".header.csv")), row.names = FALSE)
  values <- as.data.frame(lapply(data, exact), stringsAsFactors = FALSE)
  write.csv(values, file.path(folders[2], paste0(name, ".csv")), row.names = FALSE, fileEncoding = "UTF-8")
}
