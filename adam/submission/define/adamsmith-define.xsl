<?xml version="1.0" encoding="UTF-8"?>
<!-- Displays a define.xml of Define-XML 2.1 with analysis results, without scripts and without loading other files. The CDISC stylesheet
     define2-1.xsl displays the same file: name it in the second line of define.xml. define.html has the same content for browsers. -->
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
  <xsl:variable name="version" select="/odm:ODM/odm:Study/odm:MetaDataVersion"/>
  <xsl:variable name="study" select="/odm:ODM/odm:Study/odm:GlobalVariables/odm:StudyName"/>

  <xsl:template match="/odm:ODM">
    <html lang="en">
      <head>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <title>Define-XML: <xsl:value-of select="$study"/></title>
        <style>
@STYLE@
        </style>
      </head>
      <body>
        <xsl:call-template name="contents"/>
        <main>
          <h1><xsl:value-of select="$version/@Description"/></h1>
          <p class="note">Define-XML <xsl:value-of select="$version/@def:DefineVersion"/>, created <xsl:value-of select="@CreationDateTime"/> by <xsl:value-of select="concat(@SourceSystem, ' ', @SourceSystemVersion)"/>.</p>
          <p>define.html shows the same content in every browser.</p>
          <ul class="links"><xsl:call-template name="links"/></ul>
          <xsl:call-template name="standards"/>
          <xsl:call-template name="datasets"/>
          <xsl:apply-templates select="$version/odm:ItemGroupDef"/>
          <xsl:apply-templates select="$version/arm:AnalysisResultDisplays"/>
          <h2 id="codelists">Codelists</h2>
          <p class="note">A term with * extends the CDISC codelist.</p>
          <xsl:apply-templates select="$version/odm:CodeList"/>
          <h2 id="methods">Methods</h2>
          <div class="wide"><table class="cards explained"><thead><tr><th>Name</th><th>Type</th><th>Description</th></tr></thead>
            <tbody><xsl:for-each select="$version/odm:MethodDef">
              <tr id="{@OID}"><td class="label"><xsl:value-of select="@Name"/></td><td><xsl:value-of select="@Type"/></td>
                <td class="text"><xsl:call-template name="explanation"/></td></tr>
            </xsl:for-each></tbody></table></div>
          <h2 id="comments">Comments</h2>
          <xsl:if test="not($version/def:CommentDef)"><p>There are none.</p></xsl:if>
          <xsl:if test="$version/def:CommentDef"><div class="wide"><table class="cards explained"><thead><tr><th>Name</th><th>Description</th></tr></thead>
            <tbody><xsl:for-each select="$version/def:CommentDef">
              <tr id="{@OID}"><td class="label"><xsl:value-of select="substring-after(@OID, '.')"/></td><td class="text"><xsl:call-template name="explanation"/></td></tr>
            </xsl:for-each></tbody></table></div></xsl:if>
        </main>
      </body>
    </html>
  </xsl:template>

  <xsl:template name="contents">
    <nav aria-label="Contents">
      <strong><xsl:value-of select="$study"/></strong>
      <input type="checkbox" id="menu"/><label for="menu">Contents</label>
      <div class="contents">
        <span class="group">Documents</span>
        <ul><xsl:call-template name="links"/></ul>
        <a href="#standards">Standards</a>
        <span class="group"><a href="#datasets">Datasets</a></span>
        <ul><xsl:for-each select="$version/odm:ItemGroupDef"><li><a href="#{@OID}"><xsl:value-of select="@Name"/></a></li></xsl:for-each></ul>
        <xsl:if test="$version/arm:AnalysisResultDisplays"><details><summary>Analysis results (<xsl:value-of select="count($version/arm:AnalysisResultDisplays/arm:ResultDisplay)"/>)</summary>
          <ul><xsl:for-each select="$version/arm:AnalysisResultDisplays/arm:ResultDisplay"><li><a href="#{@OID}"><xsl:value-of select="@Name"/></a></li></xsl:for-each></ul></details></xsl:if>
        <details><summary>Codelists (<xsl:value-of select="count($version/odm:CodeList)"/>)</summary>
          <ul><xsl:for-each select="$version/odm:CodeList"><li><a href="#{@OID}"><xsl:value-of select="@Name"/></a></li></xsl:for-each></ul></details>
        <details><summary>Methods (<xsl:value-of select="count($version/odm:MethodDef)"/>)</summary>
          <ul><xsl:for-each select="$version/odm:MethodDef"><li><a href="#{@OID}"><xsl:value-of select="@Name"/></a></li></xsl:for-each></ul></details>
        <xsl:if test="$version/def:CommentDef"><details><summary>Comments (<xsl:value-of select="count($version/def:CommentDef)"/>)</summary>
          <ul><xsl:for-each select="$version/def:CommentDef"><li><a href="#{@OID}"><xsl:value-of select="substring-after(@OID, '.')"/></a></li></xsl:for-each></ul></details></xsl:if>
      </div>
    </nav>
  </xsl:template>

  <xsl:template name="links">
    <xsl:for-each select="$version/def:SupplementalDoc/def:DocumentRef"><li><xsl:apply-templates select="."/></li></xsl:for-each>
    <li><a href="define.html">define.html</a></li>
  </xsl:template>

  <xsl:template name="standards">
    <h2 id="standards">Standards</h2>
    <xsl:if test="not($version/def:Standards)"><p>The study names no standards.</p></xsl:if>
    <xsl:if test="$version/def:Standards"><div class="wide"><table><thead><tr><th>Standard</th><th>Type</th><th>Version</th><th>Status</th></tr></thead>
      <tbody><xsl:for-each select="$version/def:Standards/def:Standard">
        <tr><td><xsl:value-of select="concat(@Name, ' ', @PublishingSet)"/></td><td><xsl:value-of select="@Type"/></td><td><xsl:value-of select="@Version"/></td><td><xsl:value-of select="@Status"/></td></tr>
      </xsl:for-each></tbody></table></div></xsl:if>
  </xsl:template>

  <xsl:template name="datasets">
    <h2 id="datasets">Datasets</h2>
    <div class="wide"><table><thead><tr><th>Dataset</th><th>Description</th><th>Class</th><th>Structure</th><th>Keys</th><th>Standard</th><th>File</th></tr></thead>
      <tbody><xsl:for-each select="$version/odm:ItemGroupDef">
        <tr><th scope="row"><a href="#{@OID}"><xsl:value-of select="@Name"/></a></th>
          <td class="label"><xsl:value-of select="odm:Description"/><xsl:if test="@def:HasNoData"> (no data)</xsl:if><xsl:call-template name="comment"><xsl:with-param name="oid" select="@def:CommentOID"/></xsl:call-template></td>
          <td><xsl:value-of select="def:Class/@Name"/><xsl:for-each select="def:Class/def:SubClass"> / <xsl:value-of select="@Name"/></xsl:for-each></td>
          <td class="label"><xsl:value-of select="@def:Structure"/></td>
          <td class="label"><xsl:for-each select="odm:ItemRef[@KeySequence]"><xsl:sort select="@KeySequence" data-type="number"/><xsl:if test="position() &gt; 1">, </xsl:if><xsl:value-of select="key('item', @ItemOID)/@Name"/></xsl:for-each></td>
          <td><xsl:value-of select="key('standard', @def:StandardOID)/@Name"/><xsl:text> </xsl:text><xsl:value-of select="key('standard', @def:StandardOID)/@Version"/></td>
          <td><a href="{def:leaf/@xlink:href}"><xsl:value-of select="def:leaf/def:title"/></a></td></tr>
      </xsl:for-each></tbody></table></div>
  </xsl:template>

  <xsl:template match="odm:ItemGroupDef">
    <h2 id="{@OID}"><xsl:value-of select="@Name"/>: <xsl:value-of select="odm:Description"/></h2>
    <p class="note"><xsl:value-of select="@def:Structure"/>; <a href="{def:leaf/@xlink:href}"><xsl:value-of select="def:leaf/def:title"/></a></p>
    <div class="wide"><table class="cards"><thead><tr><th>Variable</th><th>Label</th><th>Key</th><th>Type</th><th>Length</th><th>Format</th><th>Codelist</th><th>Origin, method, comment</th></tr></thead>
      <tbody><xsl:for-each select="odm:ItemRef">
        <xsl:variable name="item" select="key('item', @ItemOID)"/>
        <xsl:variable name="values" select="key('list', $item/def:ValueListRef/@ValueListOID)/odm:ItemRef"/>
        <tr id="{@ItemOID}"><th scope="row"><xsl:value-of select="$item/@Name"/></th><td class="label"><xsl:value-of select="$item/odm:Description"/></td><td data-name="Key"><xsl:value-of select="@KeySequence"/></td>
          <xsl:call-template name="item"><xsl:with-param name="item" select="$item"/></xsl:call-template></tr>
        <xsl:if test="$values"><tr class="values"><td colspan="8">
          <details><summary><xsl:value-of select="$item/@Name"/>: value level, <xsl:value-of select="count($values)"/><xsl:text> </xsl:text><xsl:choose><xsl:when test="count($values) = 1">entry</xsl:when><xsl:otherwise>entries</xsl:otherwise></xsl:choose></summary>
            <table class="cards"><thead><tr><th>Where</th><th>Type</th><th>Length</th><th>Format</th><th>Codelist</th><th>Origin, method, comment</th></tr></thead>
              <tbody><xsl:for-each select="$values">
                <tr id="{@ItemOID}"><td class="clause"><xsl:call-template name="where"/></td><xsl:call-template name="item"><xsl:with-param name="item" select="key('item', @ItemOID)"/></xsl:call-template></tr>
              </xsl:for-each></tbody></table></details></td></tr></xsl:if>
      </xsl:for-each></tbody></table></div>
  </xsl:template>

  <xsl:template name="item">
    <xsl:param name="item"/>
    <td data-name="Type"><xsl:value-of select="$item/@DataType"/></td>
    <td data-name="Length"><xsl:value-of select="$item/@Length"/><xsl:if test="$item/@SignificantDigits &gt; 0">.<xsl:value-of select="$item/@SignificantDigits"/></xsl:if></td>
    <td data-name="Format"><xsl:value-of select="$item/@def:DisplayFormat"/></td>
    <td data-name="Codelist"><xsl:if test="$item/odm:CodeListRef"><a href="#{$item/odm:CodeListRef/@CodeListOID}"><xsl:value-of select="key('codelist', $item/odm:CodeListRef/@CodeListOID)/@Name"/></a></xsl:if></td>
    <td class="text"><b><xsl:value-of select="$item/def:Origin/@Type"/><xsl:if test="$item/def:Origin/@Source"> (<xsl:value-of select="$item/def:Origin/@Source"/>)</xsl:if></b><xsl:if test="$item/def:Origin/odm:Description">: <xsl:value-of select="$item/def:Origin/odm:Description"/></xsl:if>
      <xsl:apply-templates select="$item/def:Origin/def:DocumentRef"/>
      <xsl:if test="@MethodOID"><p><a href="#{@MethodOID}">Method</a>: <xsl:value-of select="key('method', @MethodOID)/odm:Description"/></p></xsl:if>
      <xsl:call-template name="comment"><xsl:with-param name="oid" select="$item/@def:CommentOID"/></xsl:call-template></td>
  </xsl:template>

  <xsl:template name="comment">
    <xsl:param name="oid"/>
    <xsl:if test="$oid"><p><a href="#{$oid}">Comment</a>: <xsl:value-of select="key('comment', $oid)/odm:Description"/></p></xsl:if>
  </xsl:template>

  <xsl:template name="explanation">
    <p><xsl:value-of select="odm:Description"/><xsl:apply-templates select="def:DocumentRef"/></p>
    <xsl:for-each select="odm:FormalExpression"><pre title="Formal expression, {@Context}"><xsl:value-of select="."/></pre></xsl:for-each>
  </xsl:template>

  <xsl:template name="where">
    <xsl:variable name="several" select="count(def:WhereClauseRef) &gt; 1"/>
    <xsl:for-each select="def:WhereClauseRef">
      <xsl:if test="position() &gt; 1"> or </xsl:if><xsl:if test="$several">(</xsl:if>
      <xsl:for-each select="key('clause', @WhereClauseOID)/odm:RangeCheck">
        <xsl:if test="position() &gt; 1"> and </xsl:if>
        <xsl:value-of select="concat(key('item', @def:ItemOID)/@Name, ' ')"/>
        <xsl:choose>
          <xsl:when test="@Comparator = 'EQ'">=</xsl:when><xsl:when test="@Comparator = 'NE'">&#8800;</xsl:when><xsl:when test="@Comparator = 'LT'">&lt;</xsl:when>
          <xsl:when test="@Comparator = 'LE'">&#8804;</xsl:when><xsl:when test="@Comparator = 'GT'">&gt;</xsl:when><xsl:when test="@Comparator = 'GE'">&#8805;</xsl:when>
          <xsl:when test="@Comparator = 'IN'">in (</xsl:when><xsl:otherwise>not in (</xsl:otherwise>
        </xsl:choose>
        <xsl:if test="not(contains(@Comparator, 'IN'))"><xsl:text> </xsl:text></xsl:if>
        <xsl:for-each select="odm:CheckValue"><xsl:if test="position() &gt; 1">, </xsl:if><xsl:value-of select="."/><xsl:if test="not(string(.))">""</xsl:if></xsl:for-each>
        <xsl:if test="contains(@Comparator, 'IN')">)</xsl:if>
      </xsl:for-each>
      <xsl:if test="$several">)</xsl:if>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="odm:CodeList">
    <h3 id="{@OID}"><xsl:value-of select="@Name"/>
      <xsl:if test="odm:Alias"> [<xsl:value-of select="odm:Alias/@Name"/>]</xsl:if><xsl:if test="@def:IsNonStandard"> (sponsor)</xsl:if></h3>
    <xsl:call-template name="comment"><xsl:with-param name="oid" select="@def:CommentOID"/></xsl:call-template>
    <xsl:choose>
      <xsl:when test="odm:ExternalCodeList"><p><xsl:value-of select="concat(odm:ExternalCodeList/@Dictionary, ' ', odm:ExternalCodeList/@Version)"/></p></xsl:when>
      <xsl:otherwise><div class="wide"><table><thead><tr><th>Value</th><th>Decode</th><th>NCI code</th></tr></thead>
        <tbody><xsl:for-each select="odm:CodeListItem | odm:EnumeratedItem">
          <tr><td><xsl:value-of select="@CodedValue"/><xsl:if test="@def:ExtendedValue"> *</xsl:if></td><td><xsl:value-of select="odm:Decode"/></td><td><xsl:value-of select="odm:Alias/@Name"/></td></tr>
        </xsl:for-each></tbody></table></div></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="def:DocumentRef">
    <xsl:text> </xsl:text><a href="{key('leaf', @leafID)/@xlink:href}"><xsl:value-of select="key('leaf', @leafID)/def:title"/></a>
  </xsl:template>

  <xsl:template match="arm:AnalysisResultDisplays">
    <h2 id="results">Analysis results</h2>
    <xsl:for-each select="arm:ResultDisplay">
      <xsl:variable name="title" select="normalize-space(odm:Description)"/>
      <section class="display">
        <h3 id="{@OID}"><xsl:value-of select="@Name"/><xsl:if test="$title != @Name">: <xsl:value-of select="$title"/></xsl:if></h3>
        <xsl:if test="def:DocumentRef"><p><xsl:apply-templates select="def:DocumentRef"/></p></xsl:if>
        <xsl:for-each select="arm:AnalysisResult">
          <div class="result" id="{@OID}">
            <xsl:if test="normalize-space(odm:Description) != $title"><b><xsl:value-of select="odm:Description"/></b></xsl:if>
            <dl><dt>Reason</dt><dd><xsl:value-of select="@AnalysisReason"/></dd><dt>Purpose</dt><dd><xsl:value-of select="@AnalysisPurpose"/></dd>
              <dt>Data</dt><dd><xsl:for-each select="arm:AnalysisDatasets/arm:AnalysisDataset"><xsl:if test="position() &gt; 1"><br/></xsl:if><a href="#{@ItemGroupOID}"><xsl:value-of select="key('group', @ItemGroupOID)/@Name"/></a>
                <xsl:for-each select="arm:AnalysisVariable"><xsl:choose><xsl:when test="position() = 1">: </xsl:when><xsl:otherwise>, </xsl:otherwise></xsl:choose><xsl:value-of select="key('item', @ItemOID)/@Name"/></xsl:for-each>
                <xsl:if test="def:WhereClauseRef">, where <xsl:call-template name="where"/></xsl:if></xsl:for-each></dd>
              <dt>Documentation</dt><dd><xsl:value-of select="arm:Documentation/odm:Description"/><xsl:apply-templates select="arm:Documentation/def:DocumentRef"/></dd>
              <xsl:if test="arm:ProgrammingCode"><dt>Program</dt><dd class="programs"><xsl:apply-templates select="arm:ProgrammingCode/def:DocumentRef"/>
                <xsl:if test="arm:ProgrammingCode/arm:Code"><details><summary><xsl:value-of select="arm:ProgrammingCode/@Context"/><xsl:if test="not(arm:ProgrammingCode/@Context)">Code</xsl:if></summary><pre><xsl:value-of select="arm:ProgrammingCode/arm:Code"/></pre></details></xsl:if></dd></xsl:if>
            </dl>
          </div>
        </xsl:for-each>
      </section>
    </xsl:for-each>
  </xsl:template>
</xsl:stylesheet>
