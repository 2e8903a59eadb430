<?xml version="1.0" encoding="UTF-8"?>
<!-- Displays a define.xml of Define-XML 2.1 with analysis results in a browser, without scripts and without loading other files. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:odm="http://www.cdisc.org/ns/odm/v1.3"
  xmlns:def="http://www.cdisc.org/ns/def/v2.1" xmlns:arm="http://www.cdisc.org/ns/arm/v1.0" xmlns:xlink="http://www.w3.org/1999/xlink"
  exclude-result-prefixes="odm def arm xlink">
  <xsl:output method="html" encoding="UTF-8" indent="yes"/>
  <xsl:key name="item" match="odm:ItemDef" use="@OID"/>
  <xsl:key name="method" match="odm:MethodDef" use="@OID"/>
  <xsl:key name="comment" match="def:CommentDef" use="@OID"/>
  <xsl:key name="codelist" match="odm:CodeList" use="@OID"/>
  <xsl:key name="list" match="def:ValueListDef" use="@OID"/>
  <xsl:key name="clause" match="def:WhereClauseDef" use="@OID"/>
  <xsl:key name="standard" match="def:Standard" use="@OID"/>
  <xsl:key name="leaf" match="def:leaf" use="@ID"/>
  <xsl:key name="group" match="odm:ItemGroupDef" use="@OID"/>

  <xsl:template match="/odm:ODM">
    <xsl:variable name="version" select="odm:Study/odm:MetaDataVersion"/>
    <html lang="en">
      <head>
        <title>Define-XML: <xsl:value-of select="odm:Study/odm:GlobalVariables/odm:StudyName"/></title>
        <style>
          body { font: 14px/1.45 system-ui, sans-serif; margin: 0 2em 4em 18em; color: #1d2733; background: #fff; }
          nav { position: fixed; left: 0; top: 0; bottom: 0; width: 15em; overflow: auto; padding: 1em; background: #f2f5f8; }
          nav a { display: block; padding: .1em 0; } nav b { display: block; margin-top: .8em; }
          a { color: #0b5394; } h2 { margin-top: 2em; border-bottom: 2px solid #0b5394; } caption { text-align: left; font-weight: bold; padding: .4em 0; }
          table { border-collapse: collapse; width: 100%; margin: .6em 0; } th, td { border: 1px solid #c5d0da; padding: .25em .5em; vertical-align: top; text-align: left; }
          th { background: #e3eaf1; position: sticky; top: 0; } tr.value td { background: #fafbe8; } tr.value td:first-child { padding-left: 1.5em; }
          td { overflow-wrap: break-word; } td:last-child { overflow-wrap: anywhere; min-width: 14em; } .note { color: #5a6673; } :target { outline: 2px solid #e69138; }
          @media print { nav { display: none; } body { margin: 0; } } @media (max-width: 60em) { nav { position: static; width: auto; } body { margin: 1em; } }
        </style>
      </head>
      <body>
        <nav>
          <strong><xsl:value-of select="odm:Study/odm:GlobalVariables/odm:StudyName"/></strong>
          <a href="#standards">Standards</a>
          <b>Datasets</b>
          <xsl:for-each select="$version/odm:ItemGroupDef"><a href="#{@OID}"><xsl:value-of select="@Name"/></a></xsl:for-each>
          <xsl:if test="$version/arm:AnalysisResultDisplays"><b>Results</b><a href="#results">Analysis results</a></xsl:if>
          <b>Codelists</b>
          <xsl:for-each select="$version/odm:CodeList"><a href="#{@OID}"><xsl:value-of select="@Name"/></a></xsl:for-each>
          <b>Methods and comments</b><a href="#methods">Methods</a><a href="#comments">Comments</a>
        </nav>
        <h1><xsl:value-of select="$version/@Description"/></h1>
        <p class="note">Define-XML <xsl:value-of select="$version/@def:DefineVersion"/>; created <xsl:value-of select="@CreationDateTime"/> by <xsl:value-of select="concat(@SourceSystem, ' ', @SourceSystemVersion)"/>.
          <xsl:for-each select="$version/def:SupplementalDoc/def:DocumentRef"><xsl:text> </xsl:text><xsl:apply-templates select="."/></xsl:for-each></p>
        <xsl:call-template name="standards"><xsl:with-param name="version" select="$version"/></xsl:call-template>
        <xsl:call-template name="datasets"><xsl:with-param name="version" select="$version"/></xsl:call-template>
        <xsl:apply-templates select="$version/odm:ItemGroupDef"/>
        <xsl:apply-templates select="$version/arm:AnalysisResultDisplays"/>
        <h2>Codelists</h2>
        <xsl:apply-templates select="$version/odm:CodeList"/>
        <h2 id="methods">Methods</h2>
        <table><tr><th>Method</th><th>Type</th><th>Description</th></tr>
          <xsl:for-each select="$version/odm:MethodDef">
            <tr id="{@OID}"><td><xsl:value-of select="@Name"/></td><td><xsl:value-of select="@Type"/></td><td><xsl:value-of select="odm:Description"/></td></tr>
          </xsl:for-each></table>
        <h2 id="comments">Comments</h2>
        <table><tr><th>Of</th><th>Comment</th></tr>
          <xsl:for-each select="$version/def:CommentDef">
            <tr id="{@OID}"><td><xsl:value-of select="substring-after(@OID, '.')"/></td><td><xsl:value-of select="odm:Description"/></td></tr>
          </xsl:for-each></table>
      </body>
    </html>
  </xsl:template>

  <xsl:template name="standards">
    <xsl:param name="version"/>
    <h2 id="standards">Standards</h2>
    <table><tr><th>Standard</th><th>Type</th><th>Version</th><th>Status</th></tr>
      <xsl:for-each select="$version/def:Standards/def:Standard">
        <tr><td><xsl:value-of select="concat(@Name, ' ', @PublishingSet)"/></td><td><xsl:value-of select="@Type"/></td><td><xsl:value-of select="@Version"/></td><td><xsl:value-of select="@Status"/></td></tr>
      </xsl:for-each></table>
  </xsl:template>

  <xsl:template name="datasets">
    <xsl:param name="version"/>
    <h2>Datasets</h2>
    <table><tr><th>Dataset</th><th>Description</th><th>Class</th><th>Structure</th><th>Keys</th><th>Standard</th><th>Location</th></tr>
      <xsl:for-each select="$version/odm:ItemGroupDef">
        <tr><td><a href="#{@OID}"><xsl:value-of select="@Name"/></a></td><td><xsl:value-of select="odm:Description"/><xsl:if test="@def:HasNoData"> (no data)</xsl:if></td>
          <td><xsl:value-of select="def:Class/@Name"/><xsl:for-each select="def:Class/def:SubClass"> / <xsl:value-of select="@Name"/></xsl:for-each></td>
          <td><xsl:value-of select="@def:Structure"/></td>
          <td><xsl:for-each select="odm:ItemRef[@KeySequence]"><xsl:sort select="@KeySequence" data-type="number"/><xsl:if test="position() &gt; 1">, </xsl:if><xsl:value-of select="key('item', @ItemOID)/@Name"/></xsl:for-each></td>
          <td><xsl:value-of select="key('standard', @def:StandardOID)/@Name"/><xsl:text> </xsl:text><xsl:value-of select="key('standard', @def:StandardOID)/@Version"/></td>
          <td><a href="{def:leaf/@xlink:href}"><xsl:value-of select="def:leaf/def:title"/></a></td></tr>
      </xsl:for-each></table>
  </xsl:template>

  <xsl:template match="odm:ItemGroupDef">
    <h2 id="{@OID}"><xsl:value-of select="@Name"/>: <xsl:value-of select="odm:Description"/></h2>
    <p class="note"><xsl:value-of select="@def:Structure"/> &#183; <a href="{def:leaf/@xlink:href}"><xsl:value-of select="def:leaf/def:title"/></a></p>
    <table><tr><th>Variable</th><th>Label</th><th>Key</th><th>Type</th><th>Length or format</th><th>Codelist</th><th>Origin, method, comment</th></tr>
      <xsl:for-each select="odm:ItemRef">
        <xsl:variable name="item" select="key('item', @ItemOID)"/>
        <tr id="{@ItemOID}"><td><xsl:value-of select="$item/@Name"/></td><td><xsl:value-of select="$item/odm:Description"/></td><td><xsl:value-of select="@KeySequence"/></td>
          <xsl:call-template name="item"><xsl:with-param name="item" select="$item"/></xsl:call-template></tr>
        <xsl:for-each select="key('list', $item/def:ValueListRef/@ValueListOID)/odm:ItemRef">
          <tr class="value" id="{@ItemOID}"><td colspan="3"><xsl:apply-templates select="def:WhereClauseRef"/></td>
            <xsl:call-template name="item"><xsl:with-param name="item" select="key('item', @ItemOID)"/></xsl:call-template></tr>
        </xsl:for-each>
      </xsl:for-each></table>
  </xsl:template>

  <xsl:template name="item">
    <xsl:param name="item"/>
    <td><xsl:value-of select="$item/@DataType"/></td>
    <td><xsl:value-of select="$item/@Length"/><xsl:if test="$item/@SignificantDigits">.<xsl:value-of select="$item/@SignificantDigits"/></xsl:if>
      <xsl:if test="$item/@def:DisplayFormat"><xsl:text> </xsl:text><xsl:value-of select="$item/@def:DisplayFormat"/></xsl:if></td>
    <td><xsl:if test="$item/odm:CodeListRef"><a href="#{$item/odm:CodeListRef/@CodeListOID}"><xsl:value-of select="key('codelist', $item/odm:CodeListRef/@CodeListOID)/@Name"/></a></xsl:if></td>
    <td><b><xsl:value-of select="$item/def:Origin/@Type"/></b><xsl:if test="$item/def:Origin/odm:Description">: <xsl:value-of select="$item/def:Origin/odm:Description"/></xsl:if>
      <xsl:if test="@MethodOID"><br/><a href="#{@MethodOID}">Method</a>: <xsl:value-of select="key('method', @MethodOID)/odm:Description"/></xsl:if>
      <xsl:if test="$item/@def:CommentOID"><br/>Comment: <xsl:value-of select="key('comment', $item/@def:CommentOID)/odm:Description"/></xsl:if></td>
  </xsl:template>

  <xsl:template match="def:WhereClauseRef">
    <xsl:for-each select="key('clause', @WhereClauseOID)/odm:RangeCheck">
      <xsl:if test="position() &gt; 1"> and </xsl:if>
      <xsl:value-of select="concat(key('item', @def:ItemOID)/@Name, ' ', @Comparator, ' ')"/>
      <xsl:for-each select="odm:CheckValue"><xsl:if test="position() &gt; 1">, </xsl:if><xsl:value-of select="."/></xsl:for-each>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="odm:CodeList">
    <table id="{@OID}"><caption><xsl:value-of select="@Name"/>
        <xsl:if test="odm:Alias"> [<xsl:value-of select="odm:Alias/@Name"/>]</xsl:if><xsl:if test="@def:IsNonStandard"> (sponsor)</xsl:if></caption>
      <tr><th>Value</th><th>Decode</th><th>NCI code</th></tr>
      <xsl:for-each select="odm:CodeListItem | odm:EnumeratedItem">
        <tr><td><xsl:value-of select="@CodedValue"/><xsl:if test="@def:ExtendedValue"> *</xsl:if></td><td><xsl:value-of select="odm:Decode"/></td><td><xsl:value-of select="odm:Alias/@Name"/></td></tr>
      </xsl:for-each></table>
  </xsl:template>

  <xsl:template match="def:DocumentRef">
    <a href="{key('leaf', @leafID)/@xlink:href}"><xsl:value-of select="key('leaf', @leafID)/def:title"/></a>
  </xsl:template>

  <xsl:template match="arm:AnalysisResultDisplays">
    <h2 id="results">Analysis results</h2>
    <xsl:for-each select="arm:ResultDisplay">
      <table id="{@OID}"><caption><xsl:value-of select="@Name"/>: <xsl:value-of select="odm:Description"/></caption>
        <tr><th>Result</th><th>Reason</th><th>Purpose</th><th>Data</th><th>Documentation</th></tr>
        <xsl:for-each select="arm:AnalysisResult">
          <tr><td><xsl:value-of select="odm:Description"/></td><td><xsl:value-of select="@AnalysisReason"/></td><td><xsl:value-of select="@AnalysisPurpose"/></td>
            <td><xsl:for-each select="arm:AnalysisDatasets/arm:AnalysisDataset"><a href="#{@ItemGroupOID}"><xsl:value-of select="key('group', @ItemGroupOID)/@Name"/></a>
                <xsl:for-each select="arm:AnalysisVariable"><xsl:text> </xsl:text><xsl:value-of select="key('item', @ItemOID)/@Name"/></xsl:for-each>
                <xsl:if test="def:WhereClauseRef"> where <xsl:apply-templates select="def:WhereClauseRef"/></xsl:if><br/></xsl:for-each></td>
            <td><xsl:value-of select="arm:Documentation/odm:Description"/><xsl:if test="arm:ProgrammingCode"><br/><code><xsl:value-of select="arm:ProgrammingCode/arm:Code"/></code></xsl:if></td></tr>
        </xsl:for-each></table>
    </xsl:for-each>
  </xsl:template>
</xsl:stylesheet>
