import java.io.File;
import java.util.Set;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Usage: Check FLAVOUR[,FLAVOUR…] FILE… (3a, ua1). One line per file and flavour: its name, the flavour, and the
 *  number of checks, or the rules that the file breaks. */
public class Check {
    public static void main(String[] arguments) throws Exception {
        java.util.logging.LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        for (int i = 1; i < arguments.length; i++)
            for (String flavour : arguments[0].split(","))
                System.out.println(new File(arguments[i]).getName() + "\t" + flavour + "\t" + check(arguments[i], flavour));
        System.exit(0);  // veraPDF leaves threads behind
    }

    static String check(String file, String name) throws Exception {
        PDFAFlavour flavour = PDFAFlavour.fromString(name);
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(file), flavour)) {
            ValidationResult result = Foundries.defaultInstance().createValidator(flavour, false).validate(parser);
            return result.isCompliant() ? "passed\t" + result.getTotalAssertions() : "broken\t" + broken(result);
        }
    }

    static Set<String> broken(ValidationResult result) {
        Set<String> rules = new TreeSet<>();
        for (TestAssertion assertion : result.getTestAssertions())
            if (assertion.getStatus() == TestAssertion.Status.FAILED)
                rules.add(assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber() + " " + assertion.getMessage());
        return rules;
    }
}
