/* Computes the numbers of the TRuE-AD posters from the exported datasets, in SAS 9.4. Set the two lines below; the log shows whether a number
   differs. FOLDER has adsl.xpt, adeff.xpt and adae.xpt of an exact study; TABLE is posters.csv.
   The tests of this repository run posters.R; this program has the same filters, for users of SAS. */
%let folder = out/adam;
%let table  = examples/posters.csv;

%macro load(name);
  libname source xport "&folder/&name..xpt" access=readonly;
  data &name; set source.&name; run;
  libname source clear;
%mend;
%load(adsl) %load(adeff) %load(adae)

%let vehicle = Vehicle Cream BID;
%let low     = Ruxolitinib 0.75% Cream BID;
%let high    = Ruxolitinib 1.5% Cream BID;

proc sql;
  create table found (line char(60), column char(8), value num);
quit;

/* Records by treatment; the total is their sum */
%macro arms(line=, data=adsl, where=, arm=TRT01P);
  proc sql;
    insert into found select "&line", "vehicle", sum((&where) and &arm = "&vehicle") from &data;
    insert into found select "&line", "low", sum((&where) and &arm = "%superq(low)") from &data;
    insert into found select "&line", "high", sum((&where) and &arm = "%superq(high)") from &data;
  quit;
  proc sql;
    create table added as select line, "total" as column length=8, sum(value) as value from found where line = "&line" group by line;
    insert into found select line, column, value from added;
  quit;
%mend;

/* 100 * one line / another line */
%macro share(line=, numerator=, denominator=);
  proc sql;
    create table added as select a.column, 100 * a.value / b.value as value
      from found a, found b where a.line = "&numerator" and b.line = "&denominator" and a.column = b.column and b.value > 0;
    insert into found select "&line", column, value from added;
  quit;
%mend;

/* Responses at Week 8: records with AVAL 1, and their percentage of all records */
%macro responses(line=, code=, where=);
  %arms(line=&line, data=adeff, where=AVISITN = 8 and PARAMCD = "&code" and (&where) and AVAL = 1)
  %arms(line=&line of, data=adeff, where=AVISITN = 8 and PARAMCD = "&code" and (&where))
  %share(line=&line %, numerator=&line, denominator=&line of)
%mend;

/* Subjects of each strength: a flag of ADSL, or any record of ADAE */
%macro flagged(line=, where=);
  proc sql;
    insert into found select "&line", "low", sum((&where) and RX075FL = "Y") from adsl;
    insert into found select "&line", "high", sum((&where) and RX15FL = "Y") from adsl;
  quit;
%mend;
%macro subjects(line=, where=);
  proc sql;
    insert into found select "More severe: &line", "low", count(distinct USUBJID) from adae
      where SEVADFL = "Y" and TRTA = "%superq(low)" and (&where);
    insert into found select "More severe: &line", "high", count(distinct USUBJID) from adae
      where SEVADFL = "Y" and TRTA = "%superq(high)" and (&where);
  quit;
%mend;

/* Populations */
%arms(line=Randomised, where=ITTFL = "Y")
%arms(line=Safety population, where=SAFFL = "Y", arm=TRT01A)
%arms(line=Efficacy evaluable, where=EEFL = "Y")
%arms(line=Excluded from efficacy, where=ITTFL = "Y" and EEFL = "N")
%macro studies;
  %do i = 1 %to 2;
    %arms(line=Randomised in SYNAD&i, where=ITTFL = "Y" and STUDYID = "SYNAD&i")
    %arms(line=Efficacy evaluable in SYNAD&i, where=EEFL = "Y" and STUDYID = "SYNAD&i")
    %responses(line=IGA-TS at Week 8 in SYNAD&i, code=IGATS, where=EEFL = "Y" and ANL02FL = "Y" and STUDYID = "SYNAD&i")
  %end;
%mend;
%studies
%arms(line=Week 8 IGA observed, where=W8IGAFL = "Y")
%arms(line=Week 8 IGA missing, where=EEFL = "Y" and W8IGAFL = "N")
%flagged(line=Any strength in any period, where=1)
%arms(line=LTS safety population, where=LTSSAFFL = "Y", arm=TRT02A)
%arms(line=LTS safety population from Day 1 on the strength, where=LTSSAFFL = "Y" and TRT01A = TRT02A, arm=TRT02A)
%arms(line=LTS safety population from vehicle, where=LTSSAFFL = "Y" and TRT01A = "&vehicle", arm=TRT02A)
%arms(line=LTS disease control from Day 1 on the strength, where=LTSEVFL = "Y" and TRT01P = TRT02P, arm=TRT02P)

/* Week 8 */
%responses(line=IGA-TS at Week 8, code=IGATS, where=EEFL = "Y" and ANL02FL = "Y")
%responses(line=IGA 0/1 at Week 8, code=IGA01, where=EEFL = "Y" and ANL02FL = "Y")
%arms(line=Not IGA-TS at Week 8, where=NIGATSFL = "Y")
%responses(line=Not IGA-TS: IGA 0/1, code=IGA01, where=EEFL = "Y" and ANL02FL = "Y" and NIGATSFL = "Y")
%arms(line=Not IGA-TS: IGA 3 to 2, data=adeff, where=AVISITN = 8 and PARAMCD = "IGA" and ANL01FL = "Y" and NIGATSFL = "Y" and SHIFT1 = "3 to 2")
%responses(line=Not IGA-TS: IGA 1-point reduction, code=IGA1PT, where=ANL04FL = "Y")
%responses(line=Not IGA-TS: composite, code=CPR, where=ANL04FL = "Y")
%responses(line=Not IGA-TS: composite incl. IGA, code=CPRIGA, where=ANL04FL = "Y")
%responses(line=Observed: IGA 1-point reduction, code=IGA1PT, where=W8IGAFL = "Y" and ANL02FL = "Y")
%responses(line=Observed: IGA-TS or composite, code=TSCPR, where=W8IGAFL = "Y" and ANL02FL = "Y")
%responses(line=Observed: IGA-TS or composite incl. IGA, code=TSCPRIGA, where=W8IGAFL = "Y" and ANL02FL = "Y")
%share(line=The same counts of the efficacy evaluable %, numerator=Observed: IGA-TS or composite, denominator=Efficacy evaluable)

/* Table 1: subjects without IGA-TS by treatment and in total, and all efficacy evaluable subjects */
data table1;
  set adsl;
  length column $8;
  if NIGATSFL = "Y" then do;
    if TRT01P = "&vehicle" then column = "vehicle";
    else if TRT01P = "%superq(low)" then column = "low";
    else column = "high";
    output;
    column = "total"; output;
  end;
  if EEFL = "Y" then do; column = "overall"; output; end;
run;
%macro counted(line=, where=);
  proc sql;
    insert into found select "Table 1: &line", column, sum(&where) from table1 group by column;
  quit;
%mend;
%counted(line=n, where=1)
%counted(line=female, where=SEX = "F")
%counted(line=White, where=RACEGR1 = "White")
%counted(line=Black, where=RACEGR1 = "Black")
%counted(line=Asian, where=RACEGR1 = "Asian")
%counted(line=other race, where=RACEGR1 = "Other")
%counted(line=North America, where=REGION1 = "North America")
%counted(line=Europe, where=REGION1 = "Europe")
%counted(line=IGA 2, where=IGABL = 2)
%counted(line=IGA 3, where=IGABL = 3)
%counted(line=itch NRS >=2, where=NRS2BLFL = "Y")
%counted(line=itch NRS >=4, where=NRS4BLFL = "Y")
%share(line=Table 1: itch NRS >=2 %, numerator=Table 1: itch NRS >=2, denominator=Table 1: n)
%counted(line=facial involvement, where=FACEBLFL = "Y")
%macro statistic(line=, variable=, keyword=);
  proc means data=table1 noprint nway;
    class column;
    var &variable;
    output out=added &keyword=value;
  run;
  proc sql;
    insert into found select "Table 1: &line", column, value from added;
  quit;
%mend;
%statistic(line=age median, variable=AAGE, keyword=median)
%statistic(line=age lowest, variable=AAGE, keyword=min)
%statistic(line=age highest, variable=AAGE, keyword=max)
%statistic(line=duration median, variable=ADDURY, keyword=median)
%statistic(line=duration lowest, variable=ADDURY, keyword=min)
%statistic(line=duration highest, variable=ADDURY, keyword=max)
%statistic(line=BSA mean, variable=BSABL, keyword=mean)
%statistic(line=BSA SD, variable=BSABL, keyword=std)
%statistic(line=EASI mean, variable=EASIBL, keyword=mean)
%statistic(line=EASI SD, variable=EASIBL, keyword=std)
%statistic(line=itch NRS mean, variable=NRSBL, keyword=mean)
%statistic(line=itch NRS SD, variable=NRSBL, keyword=std)
%statistic(line=flares mean, variable=FLARE12N, keyword=mean)
%statistic(line=flares SD, variable=FLARE12N, keyword=std)

/* More severe disease */
%flagged(line=More severe: applied the strength, where=SEVADFL = "Y")
%arms(line=More severe: LTS disease control, where=SEVADFL = "Y" and LTSEVFL = "Y", arm=TRT02P)
proc sql;
  create table later as select *, case when TRTP = "%superq(low)" then "low" else "high" end as column length=8
    from adeff where SEVADFL = "Y" and LTSEVFL = "Y" and APERIOD = 2 and 12 <= AVISITN <= 52 and ANL01FL = "Y" and DTYPE = "";
  create table visits as select column, AVISITN, sum(AVAL) as n, count(AVAL) as total, 100 * calculated n / calculated total as share
    from later where PARAMCD = "IGA01" group by column, AVISITN;
  create table bsa as select column, AVISITN, mean(AVAL) as mean from later where PARAMCD = "BSA" group by column, AVISITN;
  insert into found select "More severe: BSA lowest mean", column, min(mean) from bsa group by column;
  insert into found select "More severe: BSA highest mean", column, max(mean) from bsa group by column;
quit;
proc sort data=visits; by column share; run;
data ends;
  set visits;
  by column;
  length line $60;
  if first.column then which = "lowest ";
  else if last.column then which = "highest";
  else delete;
  line = catx(" ", "More severe: IGA 0/1", which, "n"); value = n; output;
  line = catx(" ", "More severe: IGA 0/1", which, "N"); value = total; output;
  line = catx(" ", "More severe: IGA 0/1", which, "%"); value = share; output;
run;
proc sql;
  insert into found select line, column, value from ends;
quit;
%subjects(line=any TEAE, where=AOCC01FL = "Y")
%subjects(line=application site reaction in LTS, where=CQ01NAM ne "" and TREM02FL = "Y" and AOCC05FL = "Y")
%subjects(line=related, where=AOCC04FL = "Y")
%subjects(line=related and serious, where=TRTEMFL = "Y" and AREL = "RELATED" and AESER = "Y")
%subjects(line=drug withdrawn for an event, where=TRTEMFL = "Y" and AEDISCFL = "Y")
%share(line=More severe: any TEAE %, numerator=More severe: any TEAE, denominator=More severe: applied the strength)
%share(line=More severe: related %, numerator=More severe: related, denominator=More severe: applied the strength)
%flagged(line=More severe: study discontinued for an event, where=SEVADFL = "Y" and DCSREAS = "ADVERSE EVENT")

/* Compares each number with the table, at its printed precision */
data printed (keep=line column printed half);
  infile "&table" dsd firstobs=2 truncover;
  length line $60 c1-c5 printed $12 column $8;
  input line c1-c5;
  array cells c1-c5;
  array names (5) $8 _temporary_ ("vehicle" "low" "high" "total" "overall");
  do i = 1 to 5;
    if cells(i) ne "" then do;
      printed = cells(i);
      column = names(i);
      half = ifn(index(printed, "."), 0.5 * 10 ** -length(scan(printed, 2, ".")), 0);
      output;
    end;
  end;
run;
proc sql;
  create table compared as select p.line, p.column, f.value, p.printed,
      case when f.value is not null and abs(f.value - input(p.printed, 12.)) <= p.half + 1e-9 then "ok" else "DIFFERENT" end as answer length=9
    from printed p left join found f on p.line = f.line and p.column = f.column;
  select * from compared;
  select sum(answer = "DIFFERENT") into :wrong trimmed from compared;
quit;
%macro answer;
  %if &wrong = 0 %then %put NOTE: Every number is the one of the table.;
  %else %put ERROR: &wrong numbers are not those of the table.;
%mend;
%answer
