"""Names of columns and words of cells as systems write them in English and German, without blanks, signs and capitals."""

from __future__ import annotations

from collections.abc import Mapping

SYNONYMS: Mapping[str, str] = {  # by field
    "external_id": (
        "id nr number callid contactid conversationid interactionid ticketid ticketnumber caseid casenumber recordid externalid "
        "gespraechsid anrufid vorgangsnummer vorgangsid kontaktid ticketnummer fallnummer vorgangsnr vorgang anrufnr anrufnummer "
        "kontaktnr ticketnr fallnr callno ticketno caseno uniqueid responseid answerid respondentid surveyresponseid antwortid reviewid "
        "segmentid vorgangskennung gespraechskennung auftragsnummer case fall"
    ),
    "started_at": (
        "startedat start starttime startdate begin begintime createdat created opened openedat timestamp datetime date calldate "
        "contactstart callstart conversationstart interactionstart initiationtimestamp initiated creationdate creationtime createddate "
        "createdtime opendate opentime received receivedat receivedon arrival arrivaltime arrivedat offeredat requestdatetime "
        "assigndate calltimestamp contactdate vruentry datum beginn anfang startzeit gespraechsbeginn anrufbeginn zeitpunkt zeitstempel "
        "erstellt eroeffnet anrufdatum eingang eingangsdatum eingangszeit eingangszeitpunkt eingegangen erstelltam erstellungsdatum "
        "erstellungszeit angelegt angelegtam anlagedatum erfasst erfasstam erfassungsdatum eroeffnetam eroeffnungsdatum startdatum "
        "beginndatum anfangsdatum kontaktbeginn kontaktdatum kontaktzeitpunkt gespraechsdatum rufbeginn rufdatum anrufzeit "
        "anrufzeitpunkt meldedatum gemeldetam ankunft annahme annahmezeit annahmedatum annahmezeitpunkt angenommenam angenommenum"
    ),
    "ended_at": (
        "endedat end endtime enddate closed closedat finished hangup disconnect disconnecttimestamp conversationend callend contactend "
        "interactionend closedate closetime closeddate closedtime solvedat resolvedat resolvedtime resolutiondate completedat ende "
        "gespraechsende beendet beendetam geschlossen geschlossenam endzeit endezeit endedatum endzeitpunkt abgeschlossen "
        "abgeschlossenam abschluss abschlussdatum erledigtam geloestam rufende anrufende kontaktende schlussdatum aufgelegtum"
    ),
    "channel": (
        "channel medium media mediatype mediatypename contacttype viachannel contactchannel servicechannel contactmethod origin "
        "source sourcetype sourcedeliveredas kanal medientyp kontaktart kontaktkanal eingangskanal kommunikationskanal servicekanal "
        "kontaktweg eingangsweg quelle herkunft"
    ),
    "queue": (
        "queue queuename firstqueue servicequeue acdqueue skill skillname skillgroup huntgroup line campaign assignmentgroup "
        "teamassigneeid servicename warteschlange rufgruppe skillgruppe acdgruppe hotline linie kampagne leitung servicelinie postkorb "
        "bearbeitungsgruppe fachgruppe group groupid gruppe"
    ),
    "team": (
        "team teamname agentteam agentteamname agentgroup department group gruppe abteilung bereich teambezeichnung agentengruppe "
        "arbeitsgruppe organisationseinheit"
    ),
    "agent": (
        "agent agentid agentname agentemail agentlogin agentusername operator operatorid user users username userid employee handler "
        "answeredby handledbyagent servedby assignedto assignee assigneeid adminassigneeid responder responderid owner ownerid server "
        "mitarbeiter mitarbeiterin mitarbeiternummer mitarbeiternr mitarbeiterid berater beraterin kundenberater kundenbetreuer "
        "betreuer bearbeiter bearbeiterin bearbeitetvon sachbearbeiter sachbearbeiterin agentin agentenname agentennummer "
        "agentenkennung benutzer benutzername personalnummer zustaendig zustaendiger angenommenvon"
    ),
    "customer": (
        "customer customerid customerno customernumber client clientid caller callerid requester requesterid account accountid "
        "accountnumber ani phone phonenumber contactemail email from fromaddr fromaddress externalcontactid customerendpointaddress "
        "kunde kundennummer kundennr kundenid kundenr kdnr kdnummer anrufer anrufernummer rufnummer telefon telefonnr telefonnummer "
        "absender vertragsnummer vertragskonto geschaeftspartner partnernummer"
    ),
    "intent": (
        "intent topic reason contactreason callreason casereason category wrapup wrapupcode wrapupname disposition "
        "dispositioncode primarydispositionid issue issuetype requesttype tickettype casetype type calltype grund anliegen anliegenart "
        "thema themenbereich kategorie kontaktgrund anrufgrund gespraechsgrund gespraechsthema vorgangsart vorgangstyp "
        "ticketart ticketkategorie geschaeftsvorfall abschlusscode abschlussgrund stichwort"
    ),
    "handled_by": "handledby handlertype resolvedby bearbeitetdurch erledigtdurch",
    "abandoned": (
        "abandoned isabandoned aban dropped answered answeredyn missed lost ismissedcall aufgelegt abgebrochen abbruch angenommen "
        "verloren status outcome ergebnis"
    ),
    "human_requested_at": "humanrequestedat queueenqueuetimestamp enqueuetimestamp enqueuedat queuedat qstart eingereihtam eingereihtum",
    "human_reached_at": (
        "humanreachedat agentconnectedtoagenttimestamp connectedtoagenttimestamp connectedat answeredat acceptdatetime acceptedat "
        "acceptdate pickedupat serstart annahme annahmezeit annahmezeitpunkt angenommenam angenommenum verbundenum gespraechsannahme"
    ),
    "wait_s": (
        "wait waits waittime waitseconds waitduration totalqueue queuetime queuewaittime queueduration queueseconds inqueueseconds "
        "timeinqueue timetoanswer qtime speedofanswer speedofanswerinseconds speedtoanswer asa wartezeit wartedauer warten "
        "warteschlangenzeit zeitinwarteschlange zeitbisannahme annahmedauer"
    ),
    "talk_s": (
        "talk talks talktime talkduration talkseconds totaltalk agentinteractionduration agentseconds duration callduration handletime "
        "handlingtime totalhandle avgtalkduration sertime conversationtime gespraechsdauer gespraechszeit dauer sprechzeit redezeit "
        "anrufdauer rufdauer kontaktdauer telefoniezeit verbindungsdauer bearbeitungsdauer bearbeitungszeit"
    ),
    "hold_s": (
        "hold holds holdtime holdduration holdseconds totalhold customerholdduration onhold haltezeit haltedauer gehalten rueckfrage "
        "rueckfragezeit"
    ),
    "wrap_s": (
        "wrap wraps acw acwtime acwseconds totalacw wraptime wrapseconds wrapuptime wrapupduration aftercallwork aftercallworktime "
        "aftercontactwork aftercontactworkduration nachbearbeitung nachbearbeitungszeit nachbearbeitungsdauer nacharbeit "
        "nacharbeitszeit nachbereitung"
    ),
    "concurrency": "concurrency concurrentchats parallel gleichzeitig",
    "transfers": (
        "transfers transfercount transferred numberoftransfers weiterleitungen weitergeleitet weiterleitung uebergaben anzahluebergaben"
    ),
    "resolved": (
        "resolved solved issolved isresolved fcr firstcontactresolution resolution geloest erledigt loesung erstloesung sofortloesung "
        "erstkontaktloesung ergebnis outcome status"
    ),
    "reopened_at": "reopenedat reopened wiedereroeffnet wiedereroeffnetam wiedergeoeffnet",
    "customer_sentiment": "customersentiment kundenstimmung sentimentofcustomer",
    "value_tier": "valuetier tier segment customersegment priority vip kundensegment kundenklasse segmentierung prioritaet",
    "language": "language lang locale sprache",
    "interaction_ref": (
        "interactionid contactid callid ticketid conversationid caseid kontaktid gespraechsid vorgangsnummer ticketnummer vorgang "
        "externalreference customdata conversationlink linktotheconversation interaktion"
    ),
    "sent_at": "sentat sent senton gesendet versendet gesendetam versandt versanddatum",
    "answered_at": (
        "answeredat answered responsedate submitted submittedat recordeddate recordedat completedat enddate createdat beantwortet "
        "antwortdatum beantwortetam abgegeben datum date timestamp"
    ),
    "question": "question metric frage fragetyp kennzahl",
    "scale": "scale skala",
    "score": (
        "score rating csat nps satisfaction satisfactionrating result points bewertung note zufriedenheit punkte punktzahl ergebnis wertung"
    ),
    "comment": "comment feedback text remark ratingremark kommentar bemerkung freitext anmerkung",
    "delivered": "delivered zugestellt",
    "reviewed_at": "reviewedat reviewed reviewdate evaluationdate bewertetam geprueftam pruefdatum datum date",
    "critical_error": "criticalerror critical kritischerfehler kritisch",
    "rater": "rater reviewer evaluator pruefer bewerter",
    "day": "day date workday datum tag arbeitstag",
    "paid_s": "paid paids paidtime paidhours worked workedhours bezahlt bezahltezeit arbeitszeit iststunden stunden arbeitsstunden",
    "on_queue_s": "onqueue onqueues onqueuetime available anmeldezeit eingeloggt verfuegbar",
    "handling_s": "handling handlings handlingtime handletime bearbeitungszeit produktivzeit",
    "waiting_s": "waiting waitings idle idletime availabletime bereitzeit leerlauf freizeit",
    "pause_s": "pause pauses break breaks breaktime pausen pausenzeit",
    "training_s": "training trainings coaching schulung schulungszeit",
    "after_hours_s": "afterhours afterhourss overtime ueberstunden mehrarbeit",
    "sick_s": "sick sicks sicktime illness krank krankzeit krankheit",
    "scheduled_s": "scheduled scheduleds planned plannedhours geplant sollstunden soll planzeit",
    "shifts": "shifts schichten",
    "role": "role jobtitle position rolle funktion stelle",
    "started_on": "startedon startdate from hiredate eintritt eintrittsdatum von beginn",
    "ended_on": "endedon enddate to leavedate austritt austrittsdatum bis ende",
    "end_kind": "endkind reason leavereason austrittsgrund grund",
    "contract_fte": "contractfte fte workload beschaeftigungsgrad pensum stellenanteil",
    "person": "person employee mitarbeiter agent personalnummer",
    "from_role": "fromrole oldrole bisherigerolle von",
    "to_role": "torole newrole neuerolle nach zielrolle",
    "stage": "stage step status stufe schritt phase",
    "on": "on date day datum am tag",
}
MEANINGS: Mapping[str, Mapping[str, str]] = {  # words and what they mean, where that is in no doubt
    "channel": {
        "voice": "phone telephone telefon tel call calls anruf voice inbound callback rueckruf",
        "email": "email mail emails",
        "chat": "chat webchat livechat",
        "sms": "sms",
        "whatsapp": "whatsapp",
        "letter": "letter brief post",
        "web": "web form formular webformular",
    },
    "handled_by": {
        "ai": "ai ki bot chatbot voicebot machine maschine automated",
        "human": "human agent person mensch mitarbeiter",
        "hybrid": "hybrid both beide",
    },
    "question": {
        "csat": "csat satisfaction zufriedenheit",
        "nps": "nps recommendation weiterempfehlung",
        "ces": "ces effort aufwand",
        "resolved": "resolved geloest",
    },
    "abandoned": {
        "true": "abandoned abgebrochen aufgelegt verloren lost missed",
        "false": "answered angenommen beantwortet handled completed",
    },
    "resolved": {
        "true": "resolved solved geloest erledigt",
        "false": "unresolved unsolved ungeloest nichtgeloest nichterledigt",
    },
    "end_kind": {
        "voluntary": "resigned kuendigungmitarbeiter eigenkuendigung",
        "redundancy": "laidoff betriebsbedingt",
        "dismissed": "fired gekuendigt",
        "retired": "rente ruhestand pension",
        "moved": "wechsel versetzt transferred",
    },
    "stage": {
        "offered": "angeboten",
        "enrolled": "angemeldet eingeschrieben",
        "completed": "abgeschlossen",
        "placed": "vermittelt",
        "retained": "geblieben",
    },
}
