"""Names of columns and words of cells as systems write them in English and German, without blanks, signs and capitals."""

from __future__ import annotations

from collections.abc import Mapping

SYNONYMS: Mapping[str, str] = {  # by field
    "external_id": (
        "id nr callid contactid conversationid interactionid ticketid ticketnumber caseid casenumber recordid externalid "
        "gespraechsid anrufid vorgangsnummer vorgangsid kontaktid ticketnummer fallnummer vorgangsnr vorgang anrufnr "
        "anrufnummer kontaktnr ticketnr fallnr callno ticketno caseno number uniqueid responseid answerid "
        "antwortid reviewid case fall"
    ),
    "started_at": (
        "startedat start starttime startdate begin begintime createdat created opened openedat timestamp datetime date calldate "
        "datum beginn anfang startzeit gespraechsbeginn anrufbeginn zeitpunkt zeitstempel erstellt eroeffnet anrufdatum"
    ),
    "ended_at": (
        "endedat end endtime enddate closed closedat finished hangup ende gespraechsende beendet geschlossen endzeit abgeschlossen"
    ),
    "channel": "channel medium media mediatype contacttype kanal medientyp kontaktart kontaktkanal",
    "queue": (
        "queue queuename skill skillgroup hunt group line campaign warteschlange rufgruppe skillgruppe hotline linie kampagne leitung"
    ),
    "team": "team teamname department group gruppe abteilung teambezeichnung",
    "agent": (
        "agent agentid agentname agentemail operator operatorid user username userid employee handler answeredby owner assignee "
        "mitarbeiter mitarbeiterin berater bearbeiter agentin sachbearbeiter personalnummer beraterin mitarbeiterid"
    ),
    "customer": (
        "customer customerid client clientid caller callerid ani phone phonenumber contactemail email from kunde kundennummer "
        "anrufer rufnummer telefonnummer kundennr kundenid requester"
    ),
    "intent": (
        "intent topic reason category subject wrapupcode disposition calltype grund anliegen thema kategorie kontaktgrund anrufgrund"
    ),
    "handled_by": "handledby handlertype resolvedby bearbeitetdurch erledigtdurch",
    "abandoned": "abandoned aban dropped answered answeredyn missed lost aufgelegt abgebrochen angenommen verloren status outcome ergebnis",
    "wait_s": (
        "wait waits waittime waitseconds queuetime timeinqueue speedofanswer speedofanswerinseconds asa wartezeit wartedauer warten"
    ),
    "talk_s": (
        "talk talks talktime talkduration duration callduration handlingtime avgtalkduration gespraechsdauer gespraechszeit dauer "
        "sprechzeit"
    ),
    "hold_s": "hold holds holdtime onhold haltezeit haltedauer rueckfrage",
    "wrap_s": "wrap wraps acw wraptime wrapup aftercallwork aftercallworktime nachbearbeitung nachbearbeitungszeit nacharbeit",
    "concurrency": "concurrency concurrentchats parallel gleichzeitig",
    "transfers": "transfers transfercount transferred weiterleitungen weitergeleitet uebergaben",
    "resolved": "resolved solved issolved fcr resolution geloest erledigt loesung ergebnis outcome status",
    "reopened_at": "reopenedat reopened wiedereroeffnet wiedergeoeffnet",
    "customer_sentiment": "customersentiment kundenstimmung sentimentofcustomer",
    "value_tier": "valuetier tier segment customersegment priority vip kundensegment kundenklasse segmentierung prioritaet",
    "language": "language lang locale sprache",
    "interaction_ref": (
        "interactionid contactid callid ticketid conversationid caseid kontaktid gespraechsid vorgangsnummer ticketnummer interaktion"
    ),
    "sent_at": "sentat sent senton gesendet versendet gesendetam versandt versanddatum",
    "answered_at": (
        "answeredat answered responsedate submitted submittedat recordeddate completedat beantwortet antwortdatum beantwortetam "
        "abgegeben datum date timestamp"
    ),
    "question": "question metric frage fragetyp kennzahl",
    "scale": "scale skala",
    "score": (
        "score rating csat nps satisfaction satisfactionrating result points bewertung note zufriedenheit punkte punktzahl ergebnis wertung"
    ),
    "comment": "comment feedback text remark kommentar bemerkung freitext anmerkung",
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
